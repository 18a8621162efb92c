import { RandomStream } from '@ganloom/core';
import { expectNoLeak } from '@ganloom/test-tools';
import { checkDataset } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { gaussianMixture, gridMixture, ringMixture } from './gaussian-mixture';

beforeAll(() => tf.setBackend('cpu'));

const draw = (more: object = {}, seed = 1) =>
  gaussianMixture({ ...ringMixture(), count: 8000, random: RandomStream.fromSeed(seed), ...more });

it('draws each mode equally often, around its mean with its deviation', () => {
  const { means, standardDeviation } = ringMixture();
  const { points, labels, size } = draw();
  expect([size, points.length, labels.length]).toEqual([8000, 16_000, 8000]);
  means.forEach((mean, mode) => {
    const own = [...labels.keys()].filter((i) => labels[i] === mode);
    // 1000 expected; five standard deviations of a binomial are 148.
    expect(Math.abs(own.length - 1000)).toBeLessThan(148);
    for (const axis of [0, 1]) {
      const values = own.map((i) => points[2 * i + axis]!);
      const average = values.reduce((sum, v) => sum + v, 0) / values.length;
      const variance = values.reduce((sum, v) => sum + (v - average) ** 2, 0) / values.length;
      // Five standard errors of about 1000: 0.16 σ and 0.11 σ.
      expect(Math.abs(average - mean[axis]!)).toBeLessThan(0.17 * standardDeviation);
      expect(Math.abs(Math.sqrt(variance) - standardDeviation)).toBeLessThan(
        0.12 * standardDeviation,
      );
    }
  });
});

it('gives points and their modes, in the order asked for', async () => {
  const set = draw({ count: 5 });
  expect(set.shapes).toEqual({ points: [2], labels: [] });
  const { points, labels } = set.batch([4, 0]);
  expect([points.shape, labels.dtype]).toEqual([[2, 2], 'int32']);
  expect([...points.dataSync()]).toEqual([8, 9, 0, 1].map((i) => set.points[i]));
  expect([...labels.dataSync()]).toEqual([set.labels[4], set.labels[0]]);
  tf.dispose([points, labels]);
  // In the mixture's own units: a ring of radius 1 and ten deviations.
  await checkDataset(set, { range: [-1.1, 1.1] });
  expectNoLeak(() => void draw({ count: 3 }));
});

it('depends on the seed alone', () => {
  expect(draw().points).toEqual(draw().points);
  expect(draw({}, 2).points).not.toEqual(draw().points);
});

it('places the modes of the papers', () => {
  const ring = ringMixture();
  expect(ring.standardDeviation).toBe(0.01);
  const half = Math.SQRT1_2;
  const expected = [1, 0, half, half, 0, 1, -half, half, -1, 0, -half, -half, 0, -1, half, -half];
  expect(ring.means.flat()).toBeAllclose(expected, { atol: 1e-12 });
  const grid = gridMixture();
  expect([grid.means.length, grid.standardDeviation]).toEqual([25, 0.05]);
  expect(grid.means.slice(0, 6)).toEqual([
    [-4, -4],
    [-2, -4],
    [0, -4],
    [2, -4],
    [4, -4],
    [-4, -2],
  ]);
  expect(grid.means[24]).toEqual([4, 4]);
  expect(gridMixture({ side: 2, spacing: 3, standardDeviation: 0.1 })).toEqual({
    name: 'grid of 2×2',
    means: [
      [-1.5, -1.5],
      [1.5, -1.5],
      [-1.5, 1.5],
      [1.5, 1.5],
    ],
    standardDeviation: 0.1,
  });
});

it('takes points of any dimension', () => {
  const line = draw({ means: [[-1], [1]], standardDeviation: 1e-6, count: 4, name: 'line' });
  expect(line.shapes['points']).toEqual([1]);
  expect([...line.points]).toBeAllclose(
    [...line.labels].map((mode) => 2 * mode - 1),
    { atol: 1e-4 },
  );
});

it('refuses what makes no mixture', () => {
  expect(() => draw({ means: [] })).toThrow('means must be points of one number of coordinates');
  expect(() => draw({ means: [[1, 2], [3]] })).toThrow('coordinates, got [2,1]');
  expect(() => draw({ standardDeviation: 0 })).toThrow(
    'gaussianMixture ring of 8: standardDeviation must be a number above 0, got 0',
  );
  expect(() => draw({ count: 0 })).toThrow('count must be a positive integer, got 0');
  expect(() => draw({ count: 3 }).batch([3])).toThrow('must be an integer from 0 to 2, got 3');
});
