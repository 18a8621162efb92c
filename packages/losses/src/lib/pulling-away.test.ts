import { expectNoLeak, finiteDifference } from '@ganloom/test-tools';
import { termContext } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { pullingAway } from './pulling-away';

beforeAll(() => tf.setBackend('cpu'));

/** Features are the fakes themselves. */
const contextOf = (fake: tf.Tensor) =>
  termContext({ real: fake, fake, critique: (x) => ({ logits: tf.sum(x), features: x }) });
const valueOf = (fake: tf.Tensor) => pullingAway().value(contextOf(fake));

it('is the mean squared cosine of different examples', () => {
  tf.tidy(() => {
    expect(valueOf(tf.tensor2d([1, 0, 0, 5], [2, 2]))).toBeAllclose(tf.scalar(0));
    expect(valueOf(tf.tensor2d([1, 2, -3, -6], [2, 2]))).toBeAllclose([1]);
    // cos² of 45° twice and of 90° once, each pair in both orders.
    const fan = tf.tensor([1, 0, 1, 1, 0, 2], [3, 1, 2, 1]);
    expect(valueOf(fan)).toBeAllclose([1 / 3]);
  });
});

it('has the right gradient, and one of 0 where features are 0', () => {
  tf.tidy(() => {
    const at = [1, 0.5, -0.3, 1.2, 2, 0.1];
    const cosine = (x: ArrayLike<number>, i: number, j: number) =>
      (x[2 * i]! * x[2 * j]! + x[2 * i + 1]! * x[2 * j + 1]!) /
      Math.hypot(x[2 * i]!, x[2 * i + 1]!) /
      Math.hypot(x[2 * j]!, x[2 * j + 1]!);
    const reference = (x: ArrayLike<number>) =>
      (cosine(x, 0, 1) ** 2 + cosine(x, 0, 2) ** 2 + cosine(x, 1, 2) ** 2) / 3;
    const slope = tf.grad(valueOf);
    expect(slope(tf.tensor2d(at, [3, 2]))).toBeAllclose(finiteDifference(reference, at));
    expect(valueOf(tf.zeros([2, 3]))).toBeAllclose([0]);
    expect(slope(tf.zeros([2, 3]))).toBeAllclose([0, 0, 0, 0, 0, 0]);
    // Large features are as good as small ones.
    expect(valueOf(tf.tensor2d([1e4, 0, 1e4, 1e4], [2, 2]))).toBeAllclose([0.5]);
  });
});

it('leaks nothing and refuses a batch of one', () => {
  const fake = tf.tensor2d([1, 2, 3, 4], [2, 2]);
  const context = contextOf(fake);
  const { logits } = context.fakeCritique();
  expectNoLeak(() => pullingAway().value(context));
  expect(fake.isDisposed).toBe(false);
  tf.dispose([fake, logits]);
  tf.tidy(() => {
    expect(() => valueOf(tf.ones([1, 2]))).toThrow(
      'pullingAway: a batch needs two examples, got 1; train with larger ones',
    );
  });
});
