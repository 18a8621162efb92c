import { checkLoss } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { eachBackend } from '../../test/each-backend';
import { mean } from '../../test/formulas';
import { leastSquares } from './least-squares';

beforeAll(() => tf.setBackend('cpu'));

it('agrees with the formula', async () => {
  await checkLoss(
    leastSquares(),
    {
      discriminator: (r, f) => (mean(r, (t) => (t - 1) ** 2) + mean(f, (t) => t ** 2)) / 2,
      generator: (f) => mean(f, (t) => (t - 1) ** 2) / 2,
    },
    eachBackend,
  );
});

it('agrees with the formula for the Pearson targets', async () => {
  await checkLoss(
    leastSquares({ fakeTarget: -1, realTarget: 1, generatorTarget: 0 }),
    {
      discriminator: (r, f) => (mean(r, (t) => (t - 1) ** 2) + mean(f, (t) => (t + 1) ** 2)) / 2,
      generator: (f) => mean(f, (t) => t ** 2) / 2,
    },
    eachBackend,
  );
});

it('has the values computed by hand', () => {
  tf.tidy(() => {
    const real = { logits: tf.tensor1d([0, 1]) };
    const fake = { logits: tf.tensor1d([2, -1]) };
    // ½·(1 + 0)/2 + ½·(4 + 1)/2 and ½·(1 + 4)/2.
    expect(leastSquares().discriminator(real, fake)).toBeAllclose([1.5]);
    expect(leastSquares().generator(fake, () => real)).toBeAllclose([1.25]);
  });
});

it('refuses targets that do not tell real from fake', () => {
  expect(() => leastSquares({ fakeTarget: 1 })).toThrow(
    'leastSquares: realTarget must be above fakeTarget (=1), got 1; use the targets 0 and 1, or -1 and 1',
  );
  expect(() => leastSquares({ generatorTarget: Number.NaN })).toThrow(
    'leastSquares: generatorTarget must be a finite number, got NaN',
  );
});
