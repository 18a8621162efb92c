import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { expectNoLeak } from './expect-no-leak';

it('accepts a function that cleans up', () => {
  expectNoLeak(() => tf.scalar(1).dispose());
});

it('disposes what is returned', async () => {
  const before = tf.memory().numTensors;
  expectNoLeak(() => tf.scalar(1));
  expectNoLeak(() => ({ a: tf.scalar(1), b: [tf.scalar(2)] }));
  await expectNoLeak(async () => tf.scalar(1));
  expect(tf.memory().numTensors).toBe(before);
});

it('says how many tensors a function leaves', () => {
  const kept: tf.Tensor[] = [];
  expect(() =>
    expectNoLeak(() => {
      kept.push(tf.scalar(1), tf.scalar(2));
    }),
  ).toThrow('left 2 tensor(s) undisposed');
  tf.dispose(kept);
});

it('waits for an asynchronous function', async () => {
  const kept: tf.Tensor[] = [];
  const leak = async () => {
    await Promise.resolve();
    kept.push(tf.scalar(1));
  };
  await expect(expectNoLeak(leak)).rejects.toThrow('left 1 tensor(s) undisposed');
  tf.dispose(kept);
});

it('notices a tensor of the caller that was disposed', () => {
  const mine = tf.scalar(1);
  expect(() => expectNoLeak(() => mine.dispose())).toThrow('disposed 1 too many');
});
