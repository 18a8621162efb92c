import { checkLoss } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { eachBackend } from '../../test/each-backend';
import { mean, softplus } from '../../test/formulas';
import { minimax } from './minimax';

beforeAll(() => tf.setBackend('cpu'));

it.each([1, 0.9])('agrees with the formula for the real label %s', async (realLabel) => {
  await checkLoss(
    minimax({ realLabel }),
    {
      discriminator: (r, f) =>
        mean(r, (t) => realLabel * softplus(-t) + (1 - realLabel) * softplus(t)) +
        mean(f, softplus),
      generator: (f) => -mean(f, softplus),
    },
    eachBackend,
  );
});

it('is zero-sum on the fakes and saturates where D is certain', () => {
  tf.tidy(() => {
    const zero = { logits: tf.zeros([1]) };
    expect(minimax().generator(zero, () => zero)).toBeAllclose([-Math.LN2]);
    const slope = tf.grad((f) => minimax().generator({ logits: f }, () => zero));
    expect(slope(tf.tensor1d([-1e4, 0, 1e4]))).toBeAllclose([0, -1 / 6, -1 / 3]);
  });
});

it('refuses a real label outside (0.5, 1]', () => {
  expect(() => minimax({ realLabel: 0 })).toThrow(
    'minimax: realLabel must be a number above 0.5 and at most 1, got 0',
  );
});
