import { usageError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { gaussianMoments, type GaussianMoments } from './gaussian-moments';

/** Settings of {@link frechetDistance}. */
export interface FrechetOptions {
  /** Accept sets of no more vectors than features, whose distance is strongly biased upwards. */
  readonly allowFewSamples?: boolean;
}

/**
 * The Fréchet distance between two sets of feature vectors, each taken as a Gaussian.
 *
 * d² = ‖μₐ − μᵦ‖² + tr(Σₐ + Σᵦ − 2 (Σₐ Σᵦ)^½)
 *
 * Heusel, Ramsauer, Unterthiner, Nessler and Hochreiter 2017 (arXiv 1706.08500), who call d² of
 * Inception features "FID". Like FID it falls with the number of vectors, so compare only
 * distances of equally many.
 *
 * The trace of the root comes from symmetric eigenvalues only, since Σₐ Σᵦ is similar to
 * Σₐ^½ Σᵦ Σₐ^½: no complex roots arise from rounding.
 *
 * @param a features `[n, d]`, or their statistics; tensors stay the caller's
 * @param b features `[m, d]`, or their statistics
 * @throws UsageError if the numbers of features differ, or a set has no more vectors than features.
 */
export async function frechetDistance(
  a: tf.Tensor | GaussianMoments,
  b: tf.Tensor | GaussianMoments,
  { allowFewSamples = false }: FrechetOptions = {},
): Promise<number> {
  const first = a instanceof tf.Tensor ? await gaussianMoments(a) : a;
  const second = b instanceof tf.Tensor ? await gaussianMoments(b) : b;
  const d = first.mean.length;
  if (second.mean.length !== d) {
    throw usageError('frechetDistance', `both sets must have ${d} features`, second.mean.length);
  }
  for (const { count } of [first, second]) {
    if (count <= d && !allowFewSamples) {
      const remedy = 'give more samples, or set allowFewSamples and compare equal counts only';
      const expected = `a covariance of ${d} features has full rank from ${d + 1} vectors on`;
      throw usageError('frechetDistance', expected, count, remedy);
    }
  }

  let distance = 0;
  for (let j = 0; j < d; j++) {
    distance += (first.mean[j]! - second.mean[j]!) ** 2;
    distance += first.covariance[j * d + j]! + second.covariance[j * d + j]!;
  }
  const root = symmetricRoot(square(first.covariance, d));
  const product = root.mmul(square(second.covariance, d)).mmul(root);
  distance -= 2 * sum(rootsOf(decompose(product).realEigenvalues));
  // Equal sets give a rounding error of either sign.
  return Math.max(0, distance);
}

function square(values: Float64Array, d: number): Matrix {
  return Matrix.from1DArray(d, d, values);
}

function decompose(matrix: Matrix): EigenvalueDecomposition {
  return new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
}

// A positive semidefinite matrix has no negative eigenvalue but by rounding.
function rootsOf(eigenvalues: number[]): number[] {
  return eigenvalues.map((value) => Math.sqrt(Math.max(0, value)));
}

function symmetricRoot(matrix: Matrix): Matrix {
  const { realEigenvalues, eigenvectorMatrix: v } = decompose(matrix);
  return v.mmul(Matrix.diag(rootsOf(realEigenvalues))).mmul(v.transpose());
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
