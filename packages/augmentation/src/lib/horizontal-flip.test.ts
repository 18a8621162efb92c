import { RandomStream } from '@ganloom/core';
import { checkAugmentation } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { checkRank } from '../../test/check-rank';
import { horizontalFlip } from './horizontal-flip';

beforeAll(async () => void (await tf.setBackend('cpu')));

it('mirrors the columns', async () => {
  const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2]);
  expect(horizontalFlip()(x, RandomStream.fromSeed(1))).toBeAllclose(
    tf.tensor4d([3, 4, 1, 2, 7, 8, 5, 6], [1, 2, 2, 2]),
  );
  await checkAugmentation(horizontalFlip());
  checkRank(horizontalFlip(), 'horizontalFlip');
});
