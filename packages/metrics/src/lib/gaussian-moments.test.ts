import '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { gaussianMoments } from './gaussian-moments';

it('finds the mean and the unbiased covariance', async () => {
  // Columns 1,2,6 and 2,0,1: means 3 and 1; centered −2,−1,3 and 1,−1,0.
  const x = tf.tensor2d([
    [1, 2],
    [2, 0],
    [6, 1],
  ]);
  const { count, mean, covariance } = await gaussianMoments(x);
  expect(count).toBe(3);
  expect(mean).toBeAllclose([3, 1]);
  expect(covariance).toBeAllclose([14 / 2, -1 / 2, -1 / 2, 2 / 2]);
  x.dispose();
});

it('keeps digits that float32 sums would lose', async () => {
  // 1 and 3 about a mean of 2²³: each value is exact in float32, their squares are not.
  const x = tf.tensor2d([[2 ** 23 - 1], [2 ** 23 + 1]]);
  const { mean, covariance } = await gaussianMoments(x);
  expect(mean[0]).toBe(2 ** 23);
  expect(covariance[0]).toBe(2);
  x.dispose();
});

it('refuses what has no covariance', async () => {
  await expect(gaussianMoments(tf.zeros([1, 3]))).rejects.toThrow(
    'gaussianMoments: a covariance needs at least 2 feature vectors, got 1',
  );
  await expect(gaussianMoments(tf.zeros([4, 2, 2, 1]))).rejects.toThrow(
    'gaussianMoments: features must have shape [n, d], got [4,2,2,1]; flatten them first',
  );
  await expect(gaussianMoments(tf.tensor2d([[1], [NaN]]))).rejects.toThrow(
    'features must be finite, got "NaN in vector 1"',
  );
});
