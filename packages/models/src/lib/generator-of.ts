import type { RandomStream } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import type { Architecture, Normalize } from './architecture';
import { latentInput } from './network-inputs';

/** Settings of {@link generatorOf}. */
export interface GeneratorOfOptions {
  /** Source of the first weights. */
  readonly random: RandomStream;
  /** Takes the place of the architecture's normalizations. */
  readonly normalize?: Normalize;
  /** Of the network; default: the architecture's, as in `dcgan_generator`. */
  readonly name?: string;
}

/** An architecture's generator: latents `[batch, latentSize]` to samples `[batch, …shape]`. */
export function generatorOf(
  architecture: Architecture,
  { random, normalize, name = `${architecture.name}_generator` }: GeneratorOfOptions,
): tf.LayersModel {
  const latent = latentInput(architecture);
  const outputs = architecture.generator(latent, normalize);
  return architecture.initialize(tf.model({ name, inputs: latent, outputs }), random);
}
