import { expectNoLeak, finiteDifference } from '@ganloom/test-tools';
import { termContext } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { featureMatching } from './feature-matching';

beforeAll(() => tf.setBackend('cpu'));

const REAL = [1, 2, 3, 6, 0, 1];
const FAKE = [0, 1, 1, 1];
/** Features are the samples themselves. */
const contextOf = (real: tf.Tensor, fake: tf.Tensor) =>
  termContext({ real, fake, critique: (x) => ({ logits: tf.sum(x), features: x }) });

it('compares the means over the batch', () => {
  tf.tidy(() => {
    const real = tf.tensor2d(REAL, [3, 2]);
    // Means (4/3, 3) and (½, 1).
    const value = featureMatching().value(contextOf(real, tf.tensor2d(FAKE, [2, 2])));
    expect(value).toBeAllclose(tf.scalar((4 / 3 - 0.5) ** 2 + 4));
    // Maps of features: all of their values count.
    const maps = contextOf(tf.ones([2, 2, 2, 1]), tf.zeros([2, 2, 2, 1]));
    expect(featureMatching().value(maps)).toBeAllclose([4]);
  });
});

it('has the right gradient', () => {
  tf.tidy(() => {
    const real = tf.tensor2d(REAL, [3, 2]);
    const slope = tf.grad((f: tf.Tensor) => featureMatching().value(contextOf(real, f)));
    const reference = (f: ArrayLike<number>) =>
      (4 / 3 - (f[0]! + f[2]!) / 2) ** 2 + (3 - (f[1]! + f[3]!) / 2) ** 2;
    expect(slope(tf.tensor2d(FAKE, [2, 2]))).toBeAllclose(finiteDifference(reference, FAKE));
  });
});

it('shares critiques, leaks nothing, and says what is missing', () => {
  const [real, fake] = [tf.tensor2d(REAL, [3, 2]), tf.tensor2d(FAKE, [2, 2])];
  const context = contextOf(real, fake);
  const critiques = [context.realCritique(), context.fakeCritique()];
  expectNoLeak(() => featureMatching().value(context));
  expect(critiques.every(({ features }) => !features!.isDisposed)).toBe(true);
  const term = featureMatching({ output: 'deep' });
  expect(() => term.value(context)).toThrow(
    'featureMatching: critiques must have an output "deep", got [logits,features]',
  );
  expect(() => featureMatching({ weight: -1 })).toThrow(
    'weight must be a number of at least 0, got -1',
  );
  tf.dispose([real, fake, ...critiques.map(({ logits }) => logits)]);
});
