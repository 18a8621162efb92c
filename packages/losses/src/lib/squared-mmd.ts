import { ganloomError, requireNumbers, sumOf, usageError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/** Scales of the mixture of Bińkowski et al. 2018, arXiv 1801.01401. */
export const SCALES: readonly number[] = [0.2, 0.5, 1, 2, 5];

/** @throws UsageError if there is no scale, or one is not positive. */
export function requireScales(where: string, scales: readonly number[]): void {
  if (scales.length === 0) throw usageError(where, 'scales must have at least one', scales);
  for (const [i, scale] of scales.entries()) {
    requireNumbers(where, { [`scales[${i}]`]: scale }, { above: 0 });
  }
}

/**
 * The squared maximum mean discrepancy of two sets of examples `[n, …]` and `[m, …]`, by its unbiased
 * estimator, which may be below 0.
 *
 * Σ_{i≠j} k(xᵢ, xⱼ) / n(n − 1) + Σ_{i≠j} k(yᵢ, yⱼ) / m(m − 1) − 2 Σᵢⱼ k(xᵢ, yⱼ) / nm
 * k(x, y) = Σ_α (1 + ‖x − y‖² / 2α)^(−α)
 *
 * Gretton et al. 2012 ("A kernel two-sample test", lemma 6), with the rational quadratic kernels of
 * Bińkowski et al. 2018 (arXiv 1801.01401), whose slopes do not vanish far away as those of Gaussians do.
 *
 * @throws GanloomError if a set has one example, or the examples of the sets differ in size.
 */
export function squaredMmd(
  where: string,
  x: tf.Tensor,
  y: tf.Tensor,
  scales: readonly number[],
): tf.Scalar {
  return tf.tidy(() => {
    const [a, b] = [rows(where, x), rows(where, y)];
    if (a.shape[1] !== b.shape[1]) {
      const expected = `real and fake examples must be of one size, ${a.shape[1]} numbers`;
      throw ganloomError(where, expected, b.shape[1], 'compare what has one shape');
    }
    const within = tf.add(meanOfPairs(kernel(a, a, scales)), meanOfPairs(kernel(b, b, scales)));
    return tf.sub(within, tf.mul(2, tf.mean(kernel(a, b, scales)))) as tf.Scalar;
  });
}

function rows(where: string, x: tf.Tensor): tf.Tensor2D {
  const count = x.shape[0] ?? 0;
  if (count < 2)
    throw ganloomError(where, 'a batch needs two examples', count, 'train with larger ones');
  return tf.reshape(x, [count, -1]);
}

/** k(xᵢ, yⱼ), `[n, m]`. */
export function kernel(x: tf.Tensor2D, y: tf.Tensor2D, scales: readonly number[]): tf.Tensor {
  const squares = (z: tf.Tensor2D) => tf.sum(tf.square(z), 1, true);
  const products = tf.matMul(x, y, false, true);
  const sum = tf.add(squares(x), tf.transpose(squares(y)));
  // Rounding can leave less than nothing of the difference of large numbers.
  const distances = tf.relu(tf.sub(sum, tf.mul(2, products)));
  const parts = scales.map((scale) =>
    tf.exp(tf.mul(-scale, tf.log1p(tf.div(distances, 2 * scale)))),
  );
  return sumOf(parts);
}

/** The mean over all pairs of different examples. */
function meanOfPairs(kernels: tf.Tensor): tf.Tensor {
  const count = kernels.shape[0]!;
  return tf.div(tf.sum(tf.mul(kernels, tf.sub(1, tf.eye(count)))), count * (count - 1));
}
