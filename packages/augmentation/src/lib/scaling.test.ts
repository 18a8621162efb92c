import { RandomStream } from '@ganloom/core';
import { checkAugmentation, samplePictures } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkRank } from '../../test/check-rank';
import { anisotropicScaling, isotropicScaling } from './scaling';

beforeAll(async () => void (await tf.setBackend('cpu')));

/** What is at a place between pixels, with mirrors on the outermost ones, by reading single pixels. */
function valueAt(x: tf.Tensor4D, b: number, row: number, column: number, channel: number): number {
  const [, height, width, channels] = x.shape;
  const values = x.dataSync();
  const inside = (place: number, last: number): number => {
    if (place < 0) return inside(-place, last);
    return place > last ? inside(2 * last - place, last) : place;
  };
  const [i, j] = [inside(row, height - 1), inside(column, width - 1)];
  let sum = 0;
  for (const k of [Math.floor(i), Math.floor(i) + 1]) {
    for (const l of [Math.floor(j), Math.floor(j) + 1]) {
      const share = (1 - Math.abs(i - k)) * (1 - Math.abs(j - l));
      if (share > 0) sum += share * values[((b * height + k) * width + l) * channels + channel]!;
    }
  }
  return sum;
}

describe.each([
  ['isotropicScaling', isotropicScaling, 1],
  ['anisotropicScaling', anisotropicScaling, -1],
] as const)('%s', (name, make, ofWidth) => {
  it('reads between the pixels, larger and smaller than the picture', () => {
    const x = samplePictures();
    const [count, height, width, channels] = x.shape;
    // Of two octaves, so that it reads far outside, too.
    const y = make({ deviation: 2 })(x, RandomStream.fromSeed(0));
    const drawn = [...RandomStream.fromSeed(0).normal([count]).dataSync()];
    const expected = drawn.flatMap((z, b) => {
      const s = 2 ** (2 * z);
      const at = (i: number, size: number, factor: number) =>
        (i - (size - 1) / 2) / factor + (size - 1) / 2;
      return Array.from({ length: height * width * channels }, (_, n) => {
        const [i, j] = [Math.floor(n / (width * channels)), Math.floor(n / channels) % width];
        return valueAt(x, b, at(i, height, s), at(j, width, s ** ofWidth), n % channels);
      });
    });
    // Places far outside are coarse in float32.
    expect(y).toBeAllclose(expected, { rtol: 1e-4, atol: 1e-4 });
    expect(drawn.some((z) => z > 0.2) && drawn.some((z) => z < -0.2)).toBe(true);
  });

  it('is an augmentation of pictures', async () => {
    await checkAugmentation(make());
    checkRank(make(), name);
    const x = samplePictures();
    expect(make({ deviation: 0 })(x, RandomStream.fromSeed(1))).toBeAllclose(x);
    // One pixel is everywhere.
    const pixels = tf.tensor4d([1, 2], [2, 1, 1, 1]);
    expect(make()(pixels, RandomStream.fromSeed(1))).toBeAllclose(pixels);
    expect(() => make({ deviation: -1 })).toThrow(
      `${name}: deviation must be a number of at least 0, got -1`,
    );
  });
});

it('scales a row as computed by hand', () => {
  // Twice as large: places −½·½ + ½ … of pixels 0 and 1, that is ¼ and ¾.
  const seed = Array.from({ length: 99 }, (_, i) => i).find(
    (i) => RandomStream.fromSeed(i).normal([1]).dataSync()[0]! > 0.1,
  )!;
  const z = RandomStream.fromSeed(seed).normal([1]).dataSync()[0]!;
  const x = tf.tensor4d([0, 4], [1, 1, 2, 1]);
  const y = isotropicScaling({ deviation: 1 / z })(x, RandomStream.fromSeed(seed));
  expect(y).toBeAllclose([1, 3]);
});
