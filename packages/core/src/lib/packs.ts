import * as tf from '@tensorflow/tfjs';
import { ganloomError } from './errors';

/**
 * Examples side by side along the last dimension, as a discriminator of packs sees them:
 * `[n, …, channels]` to `[n/degree, …, degree·channels]`, and `[n]` to `[n/degree, degree]`. Pack i of p
 * holds the examples i, p + i, 2p + i, … Right to any order; the caller disposes the result.
 *
 * Lin et al. 2017 (PacGAN), arXiv 1712.04086.
 *
 * @throws GanloomError if `degree` does not divide the batch.
 */
export function pack(x: tf.Tensor, degree: number): tf.Tensor {
  const [n, ...rest] = x.shape as [number, ...number[]];
  const packs = wholeShare('pack', ['the batch', n], degree, 'take another batch size');
  const channels = rest.at(-1) ?? 1;
  return tf.tidy(() => {
    const parts = tf.reshape(x, [degree, packs, -1, channels]);
    const together = tf.transpose(parts, [1, 2, 0, 3]);
    return tf.reshape(together, [packs, ...rest.slice(0, -1), degree * channels]);
  });
}

/**
 * The inverse of {@link pack}: what was said of each example of a pack, `[n/degree, …, degree·k]` to
 * `[n, …, k]`.
 *
 * @throws GanloomError if `degree` does not divide the last dimension.
 */
export function unpack(x: tf.Tensor, degree: number): tf.Tensor {
  const [packs, ...rest] = x.shape as [number, ...number[]];
  const values = wholeShare('unpack', ['the last dimension', rest.at(-1) ?? 1], degree);
  return tf.tidy(() => {
    const parts = tf.reshape(x, [packs, -1, degree, values]);
    const apart = tf.transpose(parts, [2, 0, 1, 3]);
    return tf.reshape(apart, [degree * packs, ...rest.slice(0, -1), values]);
  });
}

function wholeShare(
  where: string,
  [what, size]: readonly [string, number],
  degree: number,
  remedy?: string,
): number {
  if (size % degree !== 0) {
    throw ganloomError(where, `${what} must be a multiple of degree (=${degree})`, size, remedy);
  }
  return size / degree;
}
