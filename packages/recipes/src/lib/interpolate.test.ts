import { expect, it } from 'vitest';
import { interpolate } from './interpolate';

const expectClose = (actual: readonly Float32Array[], expected: number[][]) =>
  actual.forEach((vector, i) =>
    vector.forEach((value, j) => expect(value).toBeCloseTo(expected[i]![j]!, 5)),
  );

it('follows the circle, by equal angles', () => {
  const path = interpolate(Float32Array.of(2, 0), Float32Array.of(0, 2), 4);
  const s = Math.sqrt(3);
  expectClose(path, [
    [2, 0],
    [s, 1],
    [1, s],
    [0, 2],
  ]);
  expect(path).toHaveLength(4);
});

it('goes straight where there is no circle', () => {
  expectClose(interpolate(Float32Array.of(1, 1), Float32Array.of(3, 3), 3), [
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
  expectClose(interpolate(Float32Array.of(1, 0), Float32Array.of(-1, 0), 3), [
    [1, 0],
    [0, 0],
    [-1, 0],
  ]);
});

it('is the first vector if there is to be one', () => {
  expectClose(interpolate(Float32Array.of(1, 0), Float32Array.of(0, 1), 1), [[1, 0]]);
});
