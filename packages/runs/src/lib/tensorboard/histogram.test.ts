import { expect, it } from 'vitest';
import { histogram } from './histogram';

it('counts values in buckets of equal width, the largest in the last', () => {
  const values = Float32Array.from({ length: 301 }, (_, i) => i / 10);
  const { min, max, num, sum, sumSquares, limits, counts } = histogram(values)!;
  expect([min, max, num]).toEqual([0, 30, 301]);
  expect(sum).toBeCloseTo(4515, 2);
  // Σ i²/100 for i up to 300: 300·301·601/600.
  expect(sumSquares).toBeCloseTo(90_450.5, 1);
  expect(limits).toHaveLength(30);
  expect(limits[0]).toBeCloseTo(1, 12);
  expect(limits.at(-1)).toBe(30);
  expect(counts.reduce((a, b) => a + b)).toBe(301);
  expect(counts.at(-1)).toBe(11);
});

it('leaves out what is not finite, and has one bucket for equal values', () => {
  expect(histogram([NaN, 2, Infinity, 2])).toEqual({
    min: 2,
    max: 2,
    num: 2,
    sum: 4,
    sumSquares: 8,
    limits: [2],
    counts: [2],
  });
  expect(histogram([NaN])).toBeUndefined();
  expect(histogram([])).toBeUndefined();
});

it('looks at evenly spaced values of many', () => {
  const values = Float32Array.from({ length: 200_000 }, (_, i) => i);
  expect(histogram(values)).toMatchObject({ num: 50_000, min: 0, max: 199_996 });
});
