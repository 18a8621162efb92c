import { expect, it } from 'vitest';
import { mixtureCoverage } from './mixture-coverage';

const modes = {
  means: [
    [0, 0],
    [10, 0],
    [0, 10],
  ],
  standardDeviation: 0.5,
};

it('assigns samples to modes, and tells near from far', () => {
  // On the first; at 1.5, three deviations, of it; just beyond; near the second; far out by the third.
  const samples = [0, 0, 0, 1.5, 1.51, 0, 10.8, -0.8, 0, 14];
  const found = mixtureCoverage(samples, modes);
  expect([...found.nearest]).toEqual([0, 0, 0, 1, 2]);
  expect(found.isHighQuality).toEqual([true, true, false, true, false]);
  expect([...found.counts]).toEqual([2, 1, 0]);
  expect(found.covered).toBe(2);
  expect(found.highQuality).toBeCloseTo(0.6, 12);
  // Shares 3/5, 1/5, 1/5 of all samples against 1/3 each.
  expect(found.divergence).toBeCloseTo(0.6 * Math.log(1.8) + 0.4 * Math.log(0.6), 12);
});

it('is complete for samples on all modes, and log(modes) for those on one', () => {
  const even = mixtureCoverage(modes.means.flat(), modes);
  expect([even.covered, even.highQuality]).toEqual([3, 1]);
  expect(even.divergence).toBeCloseTo(0, 12);
  const collapsed = mixtureCoverage([10, 0, 10, 0.1], modes);
  expect([collapsed.covered, collapsed.highQuality]).toEqual([1, 1]);
  expect(collapsed.divergence).toBeCloseTo(Math.log(3), 12);
});

it('covers nothing where nothing is near, which is not an error', () => {
  const lost = mixtureCoverage([5, 5, NaN, 0], modes);
  expect([lost.covered, lost.highQuality]).toEqual([0, 0]);
  expect(lost.divergence).toBeCloseTo(Math.log(3), 12);
});

it('measures in any number of dimensions', () => {
  const line = { means: [[-1], [1]], standardDeviation: 0.1 };
  expect([...mixtureCoverage([-1, 0.9, 1.29, 1.31], line).counts]).toEqual([1, 2]);
});

it('refuses samples and modes that do not fit', () => {
  expect(() => mixtureCoverage([1, 2, 3], modes)).toThrow(
    'mixtureCoverage: samples must hold a positive multiple of 2 coordinates, got 3',
  );
  expect(() => mixtureCoverage([], modes)).toThrow('got 0');
  expect(() => mixtureCoverage([1], { means: [[1], [1, 2]], standardDeviation: 1 })).toThrow(
    'means must be points of one number of coordinates, got [1,2]',
  );
});
