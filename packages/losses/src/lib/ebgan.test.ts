import { checkLoss } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { eachBackend } from '../../test/each-backend';
import { mean } from '../../test/formulas';
import { ebgan } from './ebgan';

beforeAll(() => tf.setBackend('cpu'));

it('agrees with the formula for the energy −logits', async () => {
  await checkLoss(
    ebgan({ margin: 1.1 }),
    {
      discriminator: (r, f) => mean(r, (t) => -t) + mean(f, (t) => Math.max(0, 1.1 + t)),
      generator: (f) => mean(f, (t) => -t),
    },
    eachBackend,
  );
});

it('looks at the energy if there is one, with a margin for each example', () => {
  tf.tidy(() => {
    const ignored = tf.fill([2], Number.NaN);
    const real = { logits: ignored, energy: tf.tensor1d([0.5, 1.5]) };
    const fake = { logits: ignored, energy: tf.tensor1d([2, 14]) };
    // 1 + (8 + 0)/2, and 8.
    expect(ebgan().discriminator(real, fake)).toBeAllclose([5]);
    expect(ebgan().generator(fake, () => real)).toBeAllclose([8]);
    const slope = tf.grad((e) => ebgan().discriminator(real, { logits: ignored, energy: e }));
    expect(slope(fake.energy)).toBeAllclose([-0.5, 0]);
  });
});

it.each([0, Infinity, Number.NaN])('refuses a margin of %s', (margin) => {
  expect(() => ebgan({ margin })).toThrow(`ebgan: margin must be a positive number, got ${margin}`);
});
