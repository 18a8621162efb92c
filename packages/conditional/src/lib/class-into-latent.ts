import { latentInput } from '@ganloom/models';
import * as tf from '@tensorflow/tfjs';
import type { GeneratorConditioning } from './conditioning';
import { apply, classVector, labelInput } from './networks';

/** Settings of {@link classIntoLatent}. */
export interface ClassIntoLatentOptions {
  /** How the class's vector meets the latent; default 'product'. */
  readonly by?: 'product' | 'sum';
}

/**
 * A generator whose latent is changed by a learned vector of the class, of the latent's length, so that the
 * body is that of the unconditional network.
 *
 * G(z, y) = G(z ⊙ u_y), or G(z + u_y)
 *
 * Vectors begin as N(0, 1), as loud as latents are. With `classProduct` it makes class-conditional
 * networks of an architecture that has no normalizations to tell the class to.
 */
export function classIntoLatent({
  by = 'product',
}: ClassIntoLatentOptions = {}): GeneratorConditioning {
  return {
    name: `class-${by}-latent`,
    network(architecture, classes) {
      const [latent, label] = [latentInput(architecture), labelInput()];
      const table = { name: 'class_vector_table', classes, size: architecture.latentSize };
      const vector = classVector(label, 'class_vector', table);
      const name = 'latent_of_class';
      const layer = by === 'product' ? tf.layers.multiply({ name }) : tf.layers.add({ name });
      const outputs = architecture.generator(apply(layer, [latent, vector]));
      return tf.model({ name: 'generator', inputs: [latent, label], outputs });
    },
  };
}
