import { requireCounts } from '@ganloom/core';
import { concatenateLayer, latentInput } from '@ganloom/models';
import * as tf from '@tensorflow/tfjs';
import type { GeneratorConditioning } from './conditioning';
import { apply, classVector, labelInput } from './networks';

/** Settings of {@link classBesideLatent}. */
export interface ClassBesideLatentOptions {
  /** Length of a class's vector; default 16, which weighs about half as much as 64 latents. */
  readonly size?: number;
}

/**
 * A generator of which a learned vector of the class is a part of the latent.
 *
 * G(z, y) = G([z, u_y])
 *
 * Mirza and Osindero 2014 (arXiv 1411.1784), who concatenate one-hot vectors. Ours begin as N(0, 1), as
 * loud as latents are.
 *
 * @throws UsageError if `size` is no positive integer.
 */
export function classBesideLatent({
  size = 16,
}: ClassBesideLatentOptions = {}): GeneratorConditioning {
  requireCounts('classBesideLatent', { size });
  return {
    name: 'class-beside-latent',
    network(architecture, classes) {
      const [latent, label] = [latentInput(architecture), labelInput()];
      const table = { name: 'class_vector_table', classes, size };
      const vector = classVector(label, 'class_vector', table);
      const both = apply(concatenateLayer('latent_and_class'), [latent, vector]);
      const outputs = architecture.generator(both);
      return tf.model({ name: 'generator', inputs: [latent, label], outputs });
    },
  };
}
