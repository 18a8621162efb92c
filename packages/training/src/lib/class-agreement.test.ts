import { RandomStream } from '@ganloom/core';
import { describe, expect, it } from 'vitest';
import { classAgreement, type LabeledVectors } from './class-agreement';

const of = (...pairs: [label: number, ...values: number[]][]): LabeledVectors => ({
  labels: pairs.map(([label]) => label),
  vectors: pairs.map(([, ...values]) => Float64Array.from(values)),
});

it('is how far means go where the means of the classes go', () => {
  // Means 0 and 8 around 4, spread 32; variances 2 and 2 of two each, so that noise is ½ · 2.
  const real = of([0, 1], [0, -1], [1, 9], [1, 7]);
  expect(classAgreement(of([0, 4], [1, 6]), real)).toBeCloseTo((4 + 4) / (32 - 1), 12);
  expect(classAgreement(of([1, 0], [0, 8]), real)).toBeCloseTo(-32 / 31, 12);
  expect(classAgreement(of([0, 3], [1, 3]), real)).toBe(0);
});

it('takes classes that both have, and says nothing where there is nothing to be seen', () => {
  const real = of([0, 1], [0, -1], [1, 9], [1, 7], [2, 50], [3, 1], [3, 2]);
  // Class 2 has one real picture, class 3 no sample.
  expect(classAgreement(of([0, 4], [1, 6], [2, 0]), real)).toBeCloseTo(8 / 31, 12);
  expect(classAgreement(of([0, 4]), real)).toBeUndefined();
  const alike = of([0, 1], [0, -1], [1, 2], [1, -2]);
  expect(classAgreement(of([0, 1], [1, 1]), alike)).toBeUndefined();
  const same = of([0, 1], [0, 1], [1, 1], [1, 1]);
  expect(classAgreement(of([0, 1], [1, 1]), same)).toBeUndefined();
});

describe('pictures of six colors, ten of each', () => {
  const COLORS = [0, 1, 2, 3, 4, 5].map((c) => [200 * (c & 1), 100 * (c & 2), 50 * (c & 4)]);
  const painted = (colorOf: (asked: number, i: number) => number, seed: number) => {
    const random = RandomStream.fromSeed(seed);
    const labels = Array.from({ length: 60 }, (_, i) => Math.floor(i / 10));
    const vectors = labels.map((label, i) =>
      Float64Array.from(COLORS[colorOf(label, i)]!, (v) => v + 60 * random.uniformNumber()),
    );
    return { labels, vectors };
  };
  const real = painted((asked) => asked, 1);

  it('is about 1 if samples are as asked', () => {
    expect(
      classAgreement(
        painted((asked) => asked, 2),
        real,
      ),
    ).toBeCloseTo(1, 1);
  });

  it('is about 0 if two colors are drawn, whatever is asked', () => {
    const ignoring = painted((_, i) => i % 2, 2);
    expect(Math.abs(classAgreement(ignoring, real)!)).toBeLessThan(0.1);
  });

  it('is low if two classes are as asked, and the others are one of them', () => {
    const some = painted((asked) => Math.min(asked, 1), 2);
    expect(classAgreement(some, real)!).toBeLessThan(0.5);
  });
});
