import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { onEverySetting } from './on-every-setting';

onEverySetting(() => {
  it.each<[string, () => tf.Tensor, string]>([
    [
      'an index below all',
      () => tf.gather(tf.zeros([3, 2]), tf.tensor1d([-1], 'int32')),
      'GatherV2: the index value -1 is not in [0, 2]',
    ],
    [
      'an index above all',
      () => tf.gather(tf.zeros([3, 2]), tf.tensor1d([3], 'int32')),
      'GatherV2: the index value 3 is not in [0, 2]',
    ],
    [
      'unequal batches that do not broadcast',
      () => tf.matMul(tf.zeros([2, 3, 4]), tf.zeros([3, 4, 5])),
      'broadcast',
    ],
    [
      'unequal dimensions of one index of einsum',
      () => tf.einsum('ij,jk->ik', tf.zeros([2, 3]), tf.zeros([4, 2])),
      'dimension',
    ],
    ['softmax along another axis', () => tf.softmax(tf.zeros([2, 3]), 0), 'last'],
  ])('refuses %s', (_, run, message) => {
    expectNoLeak(() => {
      expect(() => tf.tidy(run)).toThrow(message);
    });
  });
});
