import * as tf from '@tensorflow/tfjs';
import type { Architecture } from './architecture';
import { rememberInitializers } from './initializer-memory';

/** A generator's latent, `[batch, latentSize]`. */
export function latentInput({ latentSize }: Architecture): tf.SymbolicTensor {
  rememberInitializers();
  return tf.input({ shape: [latentSize], name: 'latent' });
}

/**
 * What a discriminator sees: a picture or a point, or `degree` of them side by side in the last
 * dimension, as `pack` of `@ganloom/core` puts them.
 */
export function sampleInput({ shape }: Architecture, degree = 1): tf.SymbolicTensor {
  rememberInitializers();
  const name = shape.length === 3 ? 'image' : 'sample';
  return tf.input({ shape: [...shape.slice(0, -1), degree * shape.at(-1)!], name });
}
