import '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { frechetDistance } from './frechet-distance';
import type { GaussianMoments } from './gaussian-moments';

const gaussian = (mean: number[], covariance: number[][]): GaussianMoments => ({
  count: 1000,
  mean: Float64Array.from(mean),
  covariance: Float64Array.from(covariance.flat()),
});

it('is (μₐ − μᵦ)² + (σₐ − σᵦ)² in one dimension', async () => {
  // {1, 3, 5} has mean 3 and variance 4; {0, 1, 2} has mean 1 and variance 1: 2² + (2 − 1)² = 5.
  const a = tf.tensor2d([[1], [3], [5]]);
  const b = tf.tensor2d([[0], [1], [2]]);
  expect(await frechetDistance(a, b)).toBeCloseTo(5, 12);
});

it('adds up over independent features', async () => {
  const a = gaussian(
    [1, 0, 2],
    [
      [4, 0, 0],
      [0, 9, 0],
      [0, 0, 0.25],
    ],
  );
  const b = gaussian(
    [1, 2, 0],
    [
      [1, 0, 0],
      [0, 16, 0],
      [0, 0, 2.25],
    ],
  );
  // Means: 0 + 4 + 4; deviations 2|1, 3|4, 0.5|1.5: 1 + 1 + 1.
  expect(await frechetDistance(a, b)).toBeCloseTo(11, 12);
});

it('does not depend on the axes', async () => {
  // diag(4, 1) and diag(9, 16), both turned by 45°: (2 − 3)² + (1 − 4)² = 10.
  const turned = (p: number, q: number) => [
    [(p + q) / 2, (p - q) / 2],
    [(p - q) / 2, (p + q) / 2],
  ];
  const distance = await frechetDistance(
    gaussian([0, 0], turned(4, 1)),
    gaussian([0, 0], turned(9, 16)),
  );
  expect(distance).toBeCloseTo(10, 12);
});

it('takes covariances that do not commute', async () => {
  // Σₐ = diag(4, 1), Σᵦ = [[2, 1], [1, 2]]: Σₐ Σᵦ = [[8, 4], [1, 2]] has trace 10 and
  // determinant 12, and for 2×2 matrices tr M^½ = √(tr M + 2 √det M).
  const distance = await frechetDistance(
    gaussian(
      [0, 0],
      [
        [4, 0],
        [0, 1],
      ],
    ),
    gaussian(
      [0, 0],
      [
        [2, 1],
        [1, 2],
      ],
    ),
  );
  expect(distance).toBeCloseTo(9 - 2 * Math.sqrt(10 + 2 * Math.sqrt(12)), 12);
});

it('agrees with NumPy', async () => {
  // numpy.cov and numpy.linalg.eigvals(Σₐ @ Σᵦ), a general, not a symmetric, decomposition.
  const set = (n: number, p: number) =>
    tf.tensor2d(
      Array.from({ length: n }, (_, i) =>
        [0, 1, 2].map((j) => ((i * i * (j + 1) + p * i + 3 * j) % 17) / 4 + j * (p % 3)),
      ),
    );
  expect(await frechetDistance(set(40, 5), set(50, 7))).toBeCloseTo(3.541693427660771, 10);
});

it('is zero between equal sets and symmetric', async () => {
  const a = tf.randomNormal([50, 4], 0, 1, 'float32', 1);
  const b = tf.randomNormal([60, 4], 0.5, 2, 'float32', 2);
  const zero = await frechetDistance(a, a);
  expect(zero).toBeGreaterThanOrEqual(0);
  // Roots of eigenvalues that are wrong by 1e-15 are wrong by less than 1e-7.
  expect(zero).toBeLessThan(1e-7);
  expect(await frechetDistance(a, b)).toBeCloseTo(await frechetDistance(b, a), 10);
});

it('accepts singular covariances on request only', async () => {
  const few = tf.tensor2d([
    [0, 0],
    [2, 2],
  ]);
  const remedy =
    'frechetDistance: a covariance of 2 features has full rank from 3 vectors on, got 2; ' +
    'give more samples, or set allowFewSamples and compare equal counts only';
  await expect(frechetDistance(few, few)).rejects.toThrow(remedy);
  const moved = few.add([3, 0]);
  const distance = await frechetDistance(few, moved, { allowFewSamples: true });
  // The zero eigenvalues come out as about 1e-16, their roots as 1e-8.
  expect(distance).toBeCloseTo(9, 6);
});

it('refuses sets with different features', async () => {
  await expect(frechetDistance(tf.zeros([9, 3]), tf.zeros([9, 4]))).rejects.toThrow(
    'frechetDistance: both sets must have 3 features, got 4',
  );
});
