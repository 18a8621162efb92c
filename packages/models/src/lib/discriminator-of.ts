import { type RandomStream, requireCounts } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import type { Architecture, DiscriminatorChanges } from './architecture';
import { apply, same } from './functional';
import { denseLayer } from './layers';
import { sampleInput } from './network-inputs';

/** Settings of {@link discriminatorOf}. */
export interface DiscriminatorOfOptions extends DiscriminatorChanges {
  /** Source of the first weights. */
  readonly random: RandomStream;
  /** Layers between features `[batch, n]` and logit, such as minibatch discrimination; default none. */
  readonly head?: (features: tf.SymbolicTensor) => tf.SymbolicTensor;
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
  const { random, constrain = same, head = same, degree = 1 } = options;
  const { name = `${architecture.name}_discriminator` } = options;
  requireCounts('discriminatorOf', { degree });
  const sample = sampleInput(architecture, degree);
  const features = head(architecture.discriminator(sample, options));
  const outputs = apply(constrain(denseLayer({ name: 'logit', units: 1 })), features);
  return architecture.initialize(tf.model({ name, inputs: sample, outputs }), random);
}
