import { type Batch, ganloomError, type Term } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/** A term of the generator that compares its samples with the real ones they are to be. */
export type ContentTerm<B extends Batch = Batch> = Term<B, tf.Tensor>;

export interface ContentOptions {
  /** Default 1. */
  readonly weight?: number;
}

/**
 * The mean of `distance` over all values, for games whose samples have one right answer:
 * super-resolution, translation of pictures in pairs.
 */
function contentTerm(
  name: string,
  { weight = 1 }: ContentOptions,
  distance: (difference: tf.Tensor) => tf.Tensor,
): ContentTerm {
  return {
    name,
    player: 'generator',
    weight,
    value: ({ real, fake }) => tf.tidy(() => tf.mean(distance(tf.sub(fake, real))) as tf.Scalar),
  };
}

/**
 * Mean squared error: E (G(x) − y)².
 *
 * The best mean, and so the highest PSNR, but the softest pictures: where several answers are likely
 * it takes their average.
 */
export function squaredError(options: ContentOptions = {}): ContentTerm {
  return contentTerm('squared-error', options, tf.square);
}

/**
 * Mean absolute error, L1: E |G(x) − y|.
 *
 * Converges to a PSNR as high as {@link squaredError}'s or higher, Zhao et al. 2015 (arXiv 1511.08861)
 * and Lim et al. 2017 (arXiv 1707.02921).
 */
export function absoluteError(options: ContentOptions = {}): ContentTerm {
  return contentTerm('absolute-error', options, tf.abs);
}

export interface CharbonnierOptions extends ContentOptions {
  /** Below about this, the error counts as its square; default 1e-3. */
  readonly epsilon?: number;
}

/**
 * A smooth L1: E √((G(x) − y)² + ε²).
 *
 * Charbonnier et al. 1994; for super-resolution Lai et al. 2017, arXiv 1704.03915.
 *
 * @throws if ε is not positive.
 */
export function charbonnier({ epsilon = 1e-3, ...options }: CharbonnierOptions = {}): ContentTerm {
  if (!(epsilon > 0)) throw ganloomError('charbonnier', 'epsilon must be above 0', epsilon);
  return contentTerm('charbonnier', options, (d) => tf.sqrt(tf.add(tf.square(d), epsilon ** 2)));
}
