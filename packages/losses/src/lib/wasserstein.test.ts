import { checkLoss } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { eachBackend } from '../../test/each-backend';
import { mean } from '../../test/formulas';
import { wasserstein } from './wasserstein';

beforeAll(() => tf.setBackend('cpu'));

it('agrees with the formula', async () => {
  await checkLoss(
    wasserstein(),
    {
      discriminator: (r, f) => mean(f, (t) => t) - mean(r, (t) => t),
      generator: (f) => -mean(f, (t) => t),
    },
    eachBackend,
  );
});

it('has the values computed by hand', () => {
  tf.tidy(() => {
    const real = { logits: tf.tensor1d([2, 4]) };
    const fake = { logits: tf.tensor1d([-1, 2]) };
    expect(wasserstein().discriminator(real, fake)).toBeAllclose([-2.5]);
    expect(wasserstein().generator(fake, () => real)).toBeAllclose([-0.5]);
  });
});
