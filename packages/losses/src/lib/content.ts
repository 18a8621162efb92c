import { memberOf, requireNumbers, type Sample, type Schedule, type Term } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { requireShape } from './require-shape';

/** A term of the generator that compares its samples with the real ones they are to be. */
export type ContentTerm = Term;

/** Settings of {@link absoluteError}, {@link squaredError} and {@link charbonnier}. */
export interface ContentOptions {
  /** A schedule is asked with the generator's updates made before. Default 1. */
  readonly weight?: number | Schedule;
  /** The pictures among a sample's members, if it is a record. Default `images`. */
  readonly member?: string;
}

/**
 * The mean of `distance` over all values, for games whose samples have one right answer:
 * super-resolution, translation of pictures in pairs.
 */
function contentTerm(
  where: string,
  name: string,
  { weight = 1, member = 'images' }: ContentOptions,
  distance: (difference: tf.Tensor) => tf.Tensor,
): ContentTerm {
  requireNumbers(where, { weight }, { min: 0 });
  return {
    name,
    player: 'generator',
    weight,
    value: ({ real, fake }) =>
      tf.tidy(() => {
        const [wanted, made] = picturesOf(where, real, fake, member);
        return tf.mean(distance(tf.sub(made, wanted))) as tf.Scalar;
      }),
  };
}

/**
 * The pictures of both samples, real and fake.
 *
 * @throws GanloomError if there are none, or fakes have another shape than what they are to be.
 */
export function picturesOf(
  where: string,
  real: Sample,
  fake: Sample,
  member: string,
): [wanted: tf.Tensor, made: tf.Tensor] {
  const [wanted, made] = [memberOf(where, real, member), memberOf(where, fake, member)];
  const remedy = 'let G make pictures of the size and the channels of the data';
  requireShape(where, ['fakes', made], ['the real examples', wanted], remedy);
  return [wanted, made];
}

/**
 * Mean squared error: E (G(x) − y)².
 *
 * The best mean, and so the highest PSNR, but the softest pictures: where several answers are likely
 * it takes their average.
 *
 * @throws UsageError if the weight is negative; `value` a GanloomError if real and fake examples are missing
 *   or differ in shape.
 */
export function squaredError(options: ContentOptions = {}): ContentTerm {
  return contentTerm('squaredError', 'squared-error', options, tf.square);
}

/**
 * Mean absolute error, L1: E |G(x) − y|.
 *
 * Converges to a PSNR as high as {@link squaredError}'s or higher, Zhao et al. 2015 (arXiv 1511.08861)
 * and Lim et al. 2017 (arXiv 1707.02921).
 *
 * @throws UsageError if the weight is negative; `value` a GanloomError if real and fake examples are missing
 *   or differ in shape.
 */
export function absoluteError(options: ContentOptions = {}): ContentTerm {
  return contentTerm('absoluteError', 'absolute-error', options, tf.abs);
}

/** Settings of {@link charbonnier}. */
export interface CharbonnierOptions extends ContentOptions {
  /** Below about this, the error counts as its square; default 1e-3. */
  readonly epsilon?: number;
}

/**
 * A smooth L1: E √((G(x) − y)² + ε²).
 *
 * Charbonnier et al. 1994; for super-resolution Lai et al. 2017, arXiv 1704.03915.
 *
 * @throws UsageError if ε is not positive or the weight is negative; `value` a GanloomError if real and fake
 *   examples differ in shape.
 */
export function charbonnier({ epsilon = 1e-3, ...options }: CharbonnierOptions = {}): ContentTerm {
  requireNumbers('charbonnier', { epsilon }, { above: 0 });
  const distance = (d: tf.Tensor) => tf.sqrt(tf.add(tf.square(d), epsilon ** 2));
  return contentTerm('charbonnier', 'charbonnier', options, distance);
}
