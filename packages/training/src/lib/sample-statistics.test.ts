import { expect, it } from 'vitest';
import { type LabeledPictures, SAMPLE_STATISTICS, sampleStatistics } from './sample-statistics';

/** Pictures of 2×2 pixels, each of one tone. */
function tones(values: readonly number[], labels?: readonly number[]): LabeledPictures {
  const data = Uint8Array.from(values.flatMap((value) => [value, value, value, value]));
  return { data, shape: [values.length, 2, 2, 1], ...(labels && { labels }) };
}
const count = 24;
const even = Array.from({ length: count }, (_, i) => 10 * i);
const dark = even.map((_, i) => (i < count / 2 ? 0 : 1));

it('are all there are, each of its name', () => {
  const statistics = sampleStatistics(tones(even, dark))(tones(even, dark));
  expect(Object.keys(statistics)).toEqual([...SAMPLE_STATISTICS]);
  expect(statistics).toMatchObject({
    pixelDiversity: 1,
    nearestDistance: 1,
    pictureCoverage: 1,
    picturePrecision: 1,
  });
  // More than 1 by the noise that is taken off.
  expect(statistics['classAgreement']).toBeGreaterThan(1);
  expect(statistics['classAgreement']).toBeLessThan(1.2);
});

it('leave out what cannot be compared', () => {
  const names = (real: LabeledPictures, samples: LabeledPictures) =>
    Object.keys(sampleStatistics(real)(samples));
  const diversity = SAMPLE_STATISTICS.slice(0, 2);
  expect(names(tones(even), tones(even, dark))).toEqual(SAMPLE_STATISTICS.slice(0, 4));
  expect(names(tones(even.slice(0, 19)), tones(even))).toEqual(diversity);
  // Pairs side by side.
  const wide: LabeledPictures = { ...tones(even, dark), shape: [count / 2, 2, 4, 1] };
  expect(names(tones(even, dark), wide)).toEqual(diversity);
});
