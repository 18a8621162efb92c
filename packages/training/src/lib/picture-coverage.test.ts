import { RandomStream } from '@ganloom/core';
import { expect, it } from 'vitest';
import { neighborhoods, pictureCoverage } from './picture-coverage';

const on = (...places: number[]) => places.map((place) => Float64Array.of(place));
const coverageOf = (fake: Float64Array[], real: Float64Array[]) =>
  pictureCoverage(fake, real, neighborhoods(real)!);
const chances = (seed: number) => RandomStream.fromSeed(seed);
const cloud = (count: number, center: number, seed: number) => {
  const random = chances(seed);
  return Array.from({ length: count }, () =>
    Float64Array.from({ length: 3 }, () => center + random.uniformNumber()),
  );
};

it('finds the fifth neighbor of each, squared, in the mean over the values', () => {
  const real = on(...Array.from({ length: 30 }, (_, i) => i));
  const radii = neighborhoods(real)!;
  // Of 0: 1, 2, 3, 4, 5. Of 10: two at 1, two at 2, and one of those at 3.
  expect([radii[0], radii[10], radii[29]]).toEqual([25, 9, 25]);
  const wide = neighborhoods(real.map(([x]) => Float64Array.of(x!, 0)))!;
  expect(wide[0]).toBe(12.5);
  expect(neighborhoods(real.slice(0, 19))).toBeUndefined();
});

it('counts real pictures near a sample, and samples near a real picture', () => {
  const real = on(...Array.from({ length: 30 }, (_, i) => i));
  // 10 is within 3 of 7 to 13, and within the larger circles of none else; 100 is near none.
  expect(coverageOf(on(10, 100), real)).toEqual({ coverage: 7 / 30, precision: 0.5 });
  expect(coverageOf(on(100), real)).toEqual({ coverage: 0, precision: 0 });
  expect(coverageOf(real, real)).toEqual({ coverage: 1, precision: 1 });
});

it('is nearly whole of others like them, and a third of two kinds of six', () => {
  const kinds = (which: number[], each: number, seed: number) =>
    which.flatMap((kind) => cloud(each, 10 * kind, seed + kind));
  const real = kinds([0, 1, 2, 3, 4, 5], 20, 100);
  const healthy = coverageOf(kinds([0, 1, 2, 3, 4, 5], 20, 200), real);
  expect(healthy.coverage).toBeGreaterThan(0.85);
  expect(healthy.precision).toBeGreaterThan(0.85);
  const collapsed = coverageOf(kinds([0, 1], 60, 200), real);
  expect(collapsed.coverage).toBeGreaterThan(0.3);
  expect(collapsed.coverage).toBeLessThanOrEqual(1 / 3);
  expect(collapsed.precision).toBeGreaterThan(0.85);
});
