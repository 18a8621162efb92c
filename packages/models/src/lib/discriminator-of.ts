import { type RandomStream, requireCounts } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import type { Architecture, HeadedChanges } from './architecture';
import { apply, same } from './functional';
import { denseLayer } from './layers';
import { sampleInput } from './network-inputs';

/** Settings of {@link discriminatorOf}. */
export interface DiscriminatorOfOptions extends HeadedChanges {
  /** Source of the first weights. */
  readonly random: RandomStream;
  /** Samples that are judged together, as in a `packed` game; default 1. */
  readonly degree?: number;
  /** Of the network; default: the architecture's, as in `dcgan_discriminator`. */
  readonly name?: string;
}

/**
 * An architecture's discriminator: samples `[batch, …shape]`, or packs of them side by side in the last
 * dimension, to logits `[batch, 1]`, by one dense unit on the features.
 *
 * @throws UsageError if `degree` is no positive integer.
 */
export function discriminatorOf(
  architecture: Architecture,
  options: DiscriminatorOfOptions,
): tf.LayersModel {
  const { random, degree = 1, name = `${architecture.name}_discriminator` } = options;
  requireCounts('discriminatorOf', { degree });
  const sample = sampleInput(architecture, degree);
  const outputs = logitOf(featuresOf(architecture, sample, options), options);
  return architecture.initialize(tf.model({ name, inputs: sample, outputs }), random);
}

/** What a discriminator's outputs are linear in, `[batch, n]`: an architecture's features, through the head. */
export function featuresOf(
  architecture: Architecture,
  sample: tf.SymbolicTensor,
  changes: HeadedChanges = {},
): tf.SymbolicTensor {
  const { head = same } = changes;
  return head(architecture.discriminator(sample, changes));
}

/** The logit `[batch, 1]` of features: a dense unit, named `logit`. */
export function logitOf(
  features: tf.SymbolicTensor,
  { constrain = same }: HeadedChanges = {},
): tf.SymbolicTensor {
  return apply(constrain(denseLayer({ name: 'logit', units: 1 })), features);
}
