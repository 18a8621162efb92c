import { checkLoss, expectNoLeak } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { eachBackend } from '../../test/each-backend';
import { mean } from '../../test/formulas';
import { ebgan } from './ebgan';

const NOTHING = [{ logits: tf.tensor1d([]) }, { logits: tf.tensor1d([]) }] as const;

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

it('follows a schedule of the margin by the discriminator’s updates', () => {
  const falling = { name: 'falling', at: (n: number) => Math.max(0, 10 - 4 * n) };
  const loss = ebgan({ margin: falling });
  tf.tidy(() => {
    const real = { logits: tf.tensor1d([-1]) };
    const fake = { logits: tf.tensor1d([-3, -7]) };
    const values = () => loss.discriminator(real, fake).dataSync()[0];
    // 1 + (relu(m − 3) + relu(m − 7))/2 with m = 10, 6, 2.
    expect([values(), values()]).toEqual([6, 2.5]);
    expect(loss.generator(fake, () => real)).toBeAllclose([5]);
    expect([values(), values()]).toEqual([1, 1]);
    expect(loss.state!['updates']!).toBeAllclose([4]);
    // As a checkpoint does.
    loss.state!['updates']!.assign(tf.scalar(1, 'int32'));
    expect([values(), values()]).toEqual([2.5, 1]);
  });
  expectNoLeak(() => {
    const critique = { logits: tf.zeros([2]) };
    loss.discriminator(critique, critique).dispose();
    critique.logits.dispose();
  });
  tf.dispose(Object.values(loss.state!));
  expect(ebgan().state).toBeUndefined();
  expect(() => ebgan({ margin: { name: 'mine', at: () => -1 } }).discriminator(...NOTHING)).toThrow(
    'the schedule "mine": after 0 updates it must be a number of at least 0, got -1; see its at()',
  );
});

it.each([0, Infinity, Number.NaN])('refuses a margin of %s', (margin) => {
  expect(() => ebgan({ margin })).toThrow(`ebgan: margin must be a number above 0, got ${margin}`);
});
