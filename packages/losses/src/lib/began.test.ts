import { expectNoLeak } from '@ganloom/test-tools';
import { checkLoss } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { began } from './began';
import { eachBackend } from '../../test/each-backend';
import { mean } from '../../test/formulas';

beforeAll(() => tf.setBackend('cpu'));

const of = (...energies: number[]) => ({
  logits: tf.fill([energies.length], Number.NaN),
  energy: tf.tensor1d(energies),
});

it('agrees with the formula for the energy −logits and a balance that rests', async () => {
  const loss = began({ initialBalance: 0.3, balanceRate: 0 });
  await checkLoss(
    loss,
    {
      discriminator: (r, f) => mean(r, (t) => -t) - 0.3 * mean(f, (t) => -t),
      generator: (f) => mean(f, (t) => -t),
    },
    eachBackend,
  );
  loss.state.balance.dispose();
});

it('moves the balance as computed by hand, after it was used', () => {
  const loss = began({ diversity: 0.5, balanceRate: 0.1 });
  tf.tidy(() => {
    const [real, fake] = [of(1, 3), of(0.25, 0.75)];
    // k is 0, then 0.1·(0.5·2 − 0.5) = 0.05, then 0.1.
    expect(loss.discriminator(real, fake)).toBeAllclose(tf.scalar(2));
    expect(loss.state.balance).toBeAllclose([0.05]);
    expect(loss.discriminator(real, fake)).toBeAllclose([2 - 0.05 * 0.5]);
    expect(loss.state.balance).toBeAllclose([0.1]);
    expect(loss.generator(fake, () => real)).toBeAllclose([0.5]);
    // 2 + |0.5·2 − 0.5|, and from the other side 2 + |1 − 4|.
    expect(loss.convergence(real, fake)).toBeAllclose([2.5]);
    expect(loss.convergence(real, of(4))).toBeAllclose([5]);
    // Neither moved the balance.
    expect(loss.state.balance).toBeAllclose([0.1]);
  });
  loss.state.balance.dispose();
});

it('keeps the balance in [0, 1]', () => {
  const loss = began({ balanceRate: 1 });
  tf.tidy(() => {
    loss.discriminator(of(0), of(1e4));
    expect(loss.state.balance).toBeAllclose([0]);
    loss.discriminator(of(1e4), of(0));
    expect(loss.state.balance).toBeAllclose([1]);
  });
  loss.state.balance.dispose();
});

it('takes the balance for a number in the gradient', () => {
  const loss = began({ initialBalance: 0.4, balanceRate: 0.1 });
  tf.tidy(() => {
    const weight = tf.variable(tf.scalar(2));
    const { grads } = tf.variableGrads(
      () => loss.discriminator({ logits: tf.neg(weight) }, { logits: tf.mul(weight, -3) }),
      [weight],
    );
    expect(grads[weight.name]!).toBeAllclose([1 - 0.4 * 3]);
    // 0.4 + 0.1·(0.5·2 − 6).
    expect(loss.state.balance).toBeAllclose([0]);
    weight.dispose();
  });
  expect(loss.state.balance.trainable).toBe(false);
  expect(loss.statistics).toEqual({ balance: loss.state.balance });
  loss.state.balance.dispose();
});

it('leaks nothing', () => {
  const [real, fake] = [of(1, 3), of(0.25, 0.75)];
  const loss = began();
  expectNoLeak(() => loss.discriminator(real, fake));
  expectNoLeak(() => loss.convergence(real, fake));
  loss.state.balance.dispose();
  expectNoLeak(() => began().state);
  tf.dispose([real, fake]);
});

it('refuses settings out of range', () => {
  expect(() => began({ diversity: 0 })).toThrow(
    'began: diversity must be a number above 0 and at most 1, got 0',
  );
  expect(() => began({ balanceRate: -1 })).toThrow(
    'balanceRate must be a number of at least 0, got -1',
  );
  expect(() => began({ initialBalance: 2 })).toThrow(
    'initialBalance must be a number from 0 to 1, got 2',
  );
});
