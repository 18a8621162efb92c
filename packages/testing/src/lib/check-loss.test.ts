import type { AdversarialLoss } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { checkLoss, type LossReference } from './check-loss';

beforeAll(async () => void (await tf.setBackend('cpu')));

const loss: AdversarialLoss = {
  name: 'hinge',
  discriminator: (real, fake) =>
    tf.tidy(() => {
      const onReal = tf.mean(tf.relu(tf.sub(1, real.logits)));
      return tf.add<tf.Scalar>(onReal, tf.mean(tf.relu(tf.add(1, fake.logits))));
    }),
  generator: (fake) => tf.tidy(() => tf.neg(tf.mean(fake.logits)) as tf.Scalar),
};
const mean = (logits: ArrayLike<number>, f: (logit: number) => number) =>
  Array.from(logits, f).reduce((sum, v) => sum + v, 0) / logits.length;
const reference: LossReference = {
  discriminator: (real, fake) =>
    mean(real, (r) => Math.max(0, 1 - r)) + mean(fake, (f) => Math.max(0, 1 + f)),
  generator: (fake) => -mean(fake, (f) => f),
};

it('passes a right loss', () => checkLoss(loss, reference));

it('runs on each backend that is given', async () => {
  const selected: number[] = [];
  const select = (i: number) => () => {
    selected.push(i);
    return tf.setBackend('cpu');
  };
  await checkLoss(loss, reference, { backends: [select(1), select(2)] });
  expect(selected).toEqual([1, 2]);
  expect(tf.getBackend()).toBe('cpu');
});

/** log(1 + eᵗ) as one writes it first. */
const careless = (t: tf.Tensor) => tf.log(tf.add(1, tf.exp(t)));
const softplus = (t: number) => Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t)));

it.each<[string, Partial<AdversarialLoss>, Partial<LossReference>, string]>([
  [
    'a value',
    { generator: (fake) => tf.tidy(() => tf.mul(-1.01, tf.mean(fake.logits)) as tf.Scalar) },
    {},
    'toBeAllclose',
  ],
  [
    'a gradient',
    {
      generator: (fake) =>
        tf.tidy(() => {
          const double = tf.customGrad((x) => ({
            value: tf.neg(x as tf.Tensor),
            gradFunc: (dy) => tf.mul(dy as tf.Tensor, -2),
          }));
          return double(tf.mean(fake.logits)) as tf.Scalar;
        }),
    },
    {},
    'toBeAllclose',
  ],
  [
    'what overflows',
    { generator: (fake) => tf.tidy(() => tf.mean(careless(fake.logits))) },
    { generator: (fake) => mean(fake, softplus) },
    'actual Infinity',
  ],
  [
    'a shape',
    { generator: (fake) => tf.tidy(() => tf.neg(fake.logits) as tf.Scalar) },
    {},
    'equal',
  ],
  ['a leak', { generator: (fake) => tf.neg(tf.mean(fake.logits)) as tf.Scalar }, {}, 'undisposed'],
  ['no name', { name: '' }, {}, "not to be ''"],
  [
    'a look at the real batch',
    { generator: (fake, real) => tf.sub(tf.mean(real().logits), tf.mean(fake.logits)) },
    {},
    'must not look at the real batch',
  ],
])('refuses %s that is wrong', async (_, wrong, other, message) => {
  await expect(checkLoss({ ...loss, ...wrong }, { ...reference, ...other })).rejects.toThrow(
    message,
  );
});
