import { RandomStream } from '@ganloom/core';
import { checkAugmentation, samplePictures } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { checkRank } from '../../test/check-rank';
import { translation } from './translation';

beforeAll(async () => void (await tf.setBackend('cpu')));

/** x shifted by a rows and b columns, zeros around, by reading each value. */
function shifted(x: tf.Tensor4D, example: number, a: number, b: number): number[] {
  const [, height, width, channels] = x.shape;
  const values = x.dataSync();
  const out: number[] = [];
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      for (let c = 0; c < channels; c++) {
        const [y, z] = [i - a, j - b];
        const inside = y >= 0 && y < height && z >= 0 && z < width;
        out.push(inside ? values[((example * height + y) * width + z) * channels + c]! : 0);
      }
    }
  }
  return out;
}

it('shifts each picture by whole pixels, as far as it may', () => {
  const x = samplePictures();
  const seen = [new Set<number>(), new Set<number>()];
  const augment = translation({ ratio: 0.5 });
  for (let seed = 0; seed < 30; seed++) {
    const y = augment(x, RandomStream.fromSeed(seed)).dataSync();
    // 4·½ = 2 rows and 5·½, rounded, 3 columns; each drawn for the whole batch.
    const random = RandomStream.fromSeed(seed);
    const [rows, columns] = [random.integers(3, 5), random.integers(3, 7)];
    for (let example = 0; example < 3; example++) {
      const [a, b] = [rows[example]! - 2, columns[example]! - 3];
      seen[0]!.add(a);
      seen[1]!.add(b);
      expect(y.slice(40 * example, 40 * (example + 1))).toBeAllclose(shifted(x, example, a, b));
    }
  }
  expect([...seen[0]!].toSorted((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
  expect([...seen[1]!].toSorted((a, b) => a - b)).toEqual([-3, -2, -1, 0, 1, 2, 3]);
});

it('is an augmentation of pictures', async () => {
  await checkAugmentation(translation({ ratio: 0.5 }));
  checkRank(translation(), 'translation');
  const x = samplePictures();
  // An eighth of 4 and of 5 is half a pixel, which rounds up, and 0.625.
  expect(translation({ ratio: 0.1 })(x, RandomStream.fromSeed(1)).dataSync().length).toBe(120);
  expect(translation({ ratio: 0 })(x, RandomStream.fromSeed(1))).toBeAllclose(x);
  expect(() => translation({ ratio: 1.5 })).toThrow(
    'translation: ratio must be a number from 0 to 1, got 1.5',
  );
});
