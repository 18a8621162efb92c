import '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { installGradients } from './install-gradients';

beforeAll(async () => {
  await tf.setBackend('cpu');
  installGradients();
});

it('enlarges a row of one pixel by corners, where the stock gradient never returns', () => {
  const x = tf.tensor4d([1, 2], [1, 1, 2, 1]);
  const dy = tf.tensor4d([1, 2, 3, 4, 5, 6], [1, 2, 3, 1]);
  const gradient = tf.grad((v) => tf.image.resizeNearestNeighbor(v as tf.Tensor4D, [2, 3], true));
  // The middle column lies halfway and is rounded up.
  expect(gradient(x, dy)).toBeAllclose([1 + 4, 2 + 3 + 5 + 6]);
});
