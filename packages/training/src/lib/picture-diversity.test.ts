import { expect, it } from 'vitest';
import { compareDiversity, pictureDiversity } from './picture-diversity';

const of = (...pictures: number[][]) =>
  pictureDiversity({
    data: Uint8Array.from(pictures.flat()),
    shape: [pictures.length, 1, pictures[0]!.length, 1],
  });

it('is the standard deviation of pixels, and the distance to the nearest picture', () => {
  // Pixel 1: 0, 0, 6 with variance 8; pixel 2: 0, 2, 0 with variance 8/9.
  const { spread, nearest } = of([0, 0], [0, 2], [6, 0])!;
  expect(spread).toBeCloseTo(Math.sqrt((8 + 8 / 9) / 2), 12);
  // √(0 + 4)/√2 for the first two, √36/√2 for the third.
  expect(nearest).toBeCloseTo((2 + 2 + 6) / Math.SQRT2 / 3, 12);
});

it('tells a few pictures again and again from many', () => {
  const few = of([0, 0], [100, 0], [0, 0], [100, 0])!;
  expect(few.nearest).toBe(0);
  expect(few.spread).toBeCloseTo(Math.sqrt(2500 / 2), 12);
  expect(of([7], [7], [7])).toEqual({ spread: 0, nearest: 0 });
});

it('looks at values all over large pictures', () => {
  const size = 100 * 100 * 3;
  const data = new Uint8Array(2 * size);
  // The second picture is white in its lower half.
  data.fill(255, size + size / 2);
  const { spread } = pictureDiversity({ data, shape: [2, 100, 100, 3] })!;
  expect(spread).toBeCloseTo(Math.sqrt(127.5 ** 2 / 2), 8);
});

it('compares with real pictures that differ', () => {
  const real = { spread: 4, nearest: 0 };
  expect(compareDiversity({ spread: 1, nearest: 1 }, real)).toEqual({ pixelDiversity: 0.25 });
  expect(compareDiversity({ spread: 1, nearest: 1 }, { spread: 2, nearest: 4 })).toEqual({
    pixelDiversity: 0.5,
    nearestDistance: 0.25,
  });
});

it('is nothing of a single picture', () => {
  expect(of([7])).toBeUndefined();
  expect(compareDiversity(undefined, { spread: 4, nearest: 1 })).toEqual({});
  expect(compareDiversity({ spread: 4, nearest: 1 }, undefined)).toEqual({});
});
