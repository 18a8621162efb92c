import { ganloomError, usageError } from '@ganloom/core';
import type * as tf from '@tensorflow/tfjs';

/** Mean and covariance of a set of feature vectors, in float64. */
export interface GaussianMoments {
  /** How many vectors they were taken from. */
  readonly count: number;
  /** `[d]` */
  readonly mean: Float64Array;
  /** `[d, d]`, row by row. */
  readonly covariance: Float64Array;
}

/**
 * Mean and unbiased covariance of `features [n, d]`, summed in float64.
 *
 * μ = 1/n Σ xᵢ,  Σ = 1/(n − 1) Σ (xᵢ − μ)(xᵢ − μ)ᵀ
 *
 * The tensor stays the caller's.
 *
 * @throws UsageError if the rank is not 2 or there are fewer than two vectors; GanloomError if a value is not
 *   finite.
 */
export async function gaussianMoments(features: tf.Tensor): Promise<GaussianMoments> {
  const where = 'gaussianMoments';
  if (features.rank !== 2) {
    throw usageError(
      where,
      'features must have shape [n, d]',
      features.shape,
      'flatten them first',
    );
  }
  const [n, d] = features.shape as [number, number];
  if (n < 2) {
    throw usageError(where, 'a covariance needs at least 2 feature vectors', n);
  }
  const values = await features.data();
  const bad = values.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0) {
    const at = `${values[bad]} in vector ${Math.floor(bad / d)}`;
    throw ganloomError(where, 'features must be finite', at, 'the network or its input is broken');
  }

  const mean = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) mean[j]! += values[i * d + j]!;
  }
  for (let j = 0; j < d; j++) mean[j]! /= n;

  const covariance = new Float64Array(d * d);
  const centered = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) centered[j] = values[i * d + j]! - mean[j]!;
    for (let j = 0; j < d; j++) {
      const c = centered[j]!;
      for (let k = j; k < d; k++) covariance[j * d + k]! += c * centered[k]!;
    }
  }
  for (let j = 0; j < d; j++) {
    for (let k = j; k < d; k++) {
      const value = covariance[j * d + k]! / (n - 1);
      covariance[j * d + k] = value;
      covariance[k * d + j] = value;
    }
  }
  return { count: n, mean, covariance };
}
