import { finiteDifference } from '@ganloom/test-tools';
import { checkLoss } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { eachBackend } from '../../test/each-backend';
import { mean, softplus } from '../../test/formulas';
import { nonSaturating } from './non-saturating';

beforeAll(() => tf.setBackend('cpu'));

const sigmoid = (t: number) => 1 / (1 + Math.exp(-t));

it('agrees with the formula, its differences and its limits', async () => {
  await checkLoss(
    nonSaturating(),
    {
      discriminator: (r, f) => mean(r, (t) => softplus(-t)) + mean(f, softplus),
      generator: (f) => mean(f, (t) => softplus(-t)),
    },
    eachBackend,
  );
});

it('is the cross-entropy with the smoothed label', async () => {
  await checkLoss(
    nonSaturating({ realLabel: 0.9 }),
    {
      // −0.9 log σ(r) − 0.1 log(1 − σ(r)).
      discriminator: (r, f) =>
        mean(r, (t) => 0.9 * softplus(-t) + 0.1 * softplus(t)) + mean(f, softplus),
      generator: (f) => mean(f, (t) => softplus(-t)),
    },
    eachBackend,
  );
});

it('has the values and slopes computed by hand', () => {
  tf.tidy(() => {
    const zero = { logits: tf.zeros([2, 1]) };
    const loss = nonSaturating();
    expect(loss.discriminator(zero, zero)).toBeAllclose([2 * Math.LN2]);
    expect(loss.generator(zero, () => zero)).toBeAllclose([Math.LN2]);
    // d/df ½·softplus(−f) is −½·σ(−f): −½ for a fake that D is certain of, 0 for one it believes.
    const slope = tf.grad((f) => loss.generator({ logits: f }, () => zero));
    expect(slope(tf.tensor1d([-1e4, 1e4]))).toBeAllclose([-0.5, 0]);
  });
});

it('puts the optimum of a smoothed D at the smoothed probability', () => {
  tf.tidy(() => {
    const loss = nonSaturating({ realLabel: 0.9 });
    const fake = { logits: tf.zeros([1]) };
    const slope = tf.grad((r) => loss.discriminator({ logits: r }, fake));
    // σ(r) = 0.9 at r = log 9.
    expect(slope(tf.tensor1d([Math.log(9)]))).toBeAllclose([0]);
    expect(slope(tf.tensor1d([0]))).toBeAllclose([-0.4]);
  });
});

it('is right to second order, which gradient penalties need', () => {
  const logits = [-2, -0.3, 0.8, 3];
  tf.tidy(() => {
    const loss = nonSaturating();
    const slope = tf.grad((f) => loss.generator({ logits: f }, () => ({ logits: f })));
    const second = tf.grad((f) => tf.sum(tf.square(slope(f))));
    const squaredSlope = (f: ArrayLike<number>) =>
      Array.from(f, (t) => (sigmoid(-t) / logits.length) ** 2).reduce((a, b) => a + b);
    expect(second(tf.tensor1d(logits))).toBeAllclose(finiteDifference(squaredSlope, logits));
  });
});

it.each([0.5, 1.01, Number.NaN])('refuses a real label of %s', (realLabel) => {
  expect(() => nonSaturating({ realLabel })).toThrow(
    `nonSaturating: realLabel must be a number above 0.5 and at most 1, got ${realLabel}; use 1 for no smoothing or 0.9 for the usual one`,
  );
});
