import { RandomStream } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { type Augment, checkAugmentation } from './check-augmentation';

beforeAll(async () => void (await tf.setBackend('cpu')));

/** Pictures get brighter or darker. */
const brightness: Augment = (images, random) =>
  tf.tidy(() => tf.add(images, random.uniform([images.shape[0]!, 1, 1, 1], -0.5, 0.5)));

it('passes a right augmentation', async () => {
  await checkAugmentation(brightness);
  await checkAugmentation(brightness, {
    shape: [2, 2, 2, 3],
    backends: [() => tf.setBackend('cpu')],
  });
});

let calls = 0;
it.each<[string, Augment, string]>([
  ['a shape', (x) => tf.tidy(() => tf.slice(x, [0, 0, 0, 0], [-1, 1, -1, -1])), 'to deeply equal'],
  [
    'chances of its own',
    (x) => tf.tidy(() => tf.add(x, RandomStream.fromSeed(calls++).uniform([1]))),
    'to deeply equal',
  ],
  ['a leak', (x) => tf.neg(tf.neg(x)), 'undisposed'],
  [
    'a gradient',
    (x) =>
      tf.tidy(() => {
        const op = tf.customGrad((y) => ({
          value: tf.mul(y as tf.Tensor, 3),
          gradFunc: (dy) => tf.mul(dy as tf.Tensor, 2),
        }));
        return op(x);
      }),
    'toBeAllclose',
  ],
])('refuses %s that is wrong', async (_, augment, message) => {
  await expect(checkAugmentation(augment)).rejects.toThrow(message);
});
