import { RandomStream } from '@ganloom/core';
import { checkAugmentation } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { checkRank } from '../../test/check-rank';
import { quarterTurns } from './quarter-turns';

beforeAll(async () => void (await tf.setBackend('cpu')));

it('turns each picture in a way of its own', () => {
  // 1 2   2 4   4 3   3 1
  // 3 4   1 3   2 1   4 2
  const ways = [
    [1, 2, 3, 4],
    [2, 4, 1, 3],
    [4, 3, 2, 1],
    [3, 1, 4, 2],
  ];
  const count = 40;
  const x = tf.tile(tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]), [count, 1, 1, 1]);
  const y = quarterTurns()(x, RandomStream.fromSeed(7));
  const turns = RandomStream.fromSeed(7).integers(count, 4);
  expect(y).toBeAllclose(Array.from(turns, (turn) => ways[turn]!).flat());
  expect(new Set(turns).size).toBe(4);
});

it('is an augmentation of square pictures', async () => {
  await checkAugmentation(quarterTurns(), { shape: [3, 4, 4, 2] });
  checkRank(quarterTurns(), 'quarterTurns');
  expect(() => quarterTurns()(tf.ones([1, 2, 3, 1]), RandomStream.fromSeed(1))).toThrow(
    'quarterTurns: images must be square, got [1,2,3,1]; mirror them',
  );
});
