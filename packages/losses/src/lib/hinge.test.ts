import { checkLoss } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { eachBackend } from '../../test/each-backend';
import { mean } from '../../test/formulas';
import { hinge } from './hinge';

beforeAll(() => tf.setBackend('cpu'));

it('agrees with the formula', async () => {
  await checkLoss(
    hinge(),
    {
      discriminator: (r, f) =>
        mean(r, (t) => Math.max(0, 1 - t)) + mean(f, (t) => Math.max(0, 1 + t)),
      generator: (f) => -mean(f, (t) => t),
    },
    eachBackend,
  );
});

it('has the values computed by hand', () => {
  tf.tidy(() => {
    const real = { logits: tf.tensor1d([2, 0]) };
    const fake = { logits: tf.tensor1d([-2, 1]) };
    // (0 + 1)/2 + (0 + 2)/2 and −(−2 + 1)/2.
    expect(hinge().discriminator(real, fake)).toBeAllclose([1.5]);
    expect(hinge().generator(fake, () => real)).toBeAllclose([0.5]);
  });
});
