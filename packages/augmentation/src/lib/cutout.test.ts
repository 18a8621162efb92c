import { RandomStream } from '@ganloom/core';
import { checkAugmentation } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { checkRank } from '../../test/check-rank';
import { cutout } from './cutout';

beforeAll(async () => void (await tf.setBackend('cpu')));

/** Where the zeros of each picture lie: rows and columns, first and last. */
function holes(ones: tf.Tensor4D, seed: number, ratio: number) {
  const y = cutout({ ratio })(ones, RandomStream.fromSeed(seed)).dataSync();
  const [batch, height, width, channels] = ones.shape;
  return Array.from({ length: batch }, (_, b) => {
    const rows = new Set<number>();
    const columns = new Set<number>();
    let zeros = 0;
    for (let p = 0; p < height * width * channels; p++) {
      if (y[b * height * width * channels + p] !== 0) continue;
      zeros++;
      rows.add(Math.floor(p / (width * channels)));
      columns.add(Math.floor(p / channels) % width);
    }
    // A whole rectangle in all channels.
    expect(zeros).toBe(rows.size * columns.size * channels);
    return { rows: [...rows], columns: [...columns] };
  });
}

it('cuts a rectangle whose middle lies in the picture', () => {
  const ones = tf.ones([40, 6, 7, 2]) as tf.Tensor4D;
  // 6·½ = 3 rows about a pixel; 7·½, rounded, 4 columns about an edge of pixels.
  const found = [0, 1, 2, 3, 4].flatMap((seed) => holes(ones, seed, 0.5));
  const spans = (part: 'rows' | 'columns') =>
    [...new Set(found.map((hole) => hole[part].join('')))].toSorted();
  expect(spans('rows')).toEqual(['01', '012', '123', '234', '345', '45']);
  expect(spans('columns')).toEqual(['01', '012', '0123', '1234', '2345', '3456', '456', '56']);
  tf.dispose(ones);
});

it('is an augmentation of pictures', async () => {
  await checkAugmentation(cutout());
  checkRank(cutout(), 'cutout');
  const x = tf.ones([2, 4, 4, 1]);
  expect(cutout({ ratio: 0 })(x, RandomStream.fromSeed(1))).toBeAllclose(x);
  expect(() => cutout({ ratio: -1 })).toThrow('cutout: ratio must be a number from 0 to 1, got -1');
});
