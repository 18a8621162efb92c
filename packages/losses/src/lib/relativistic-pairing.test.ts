import { expectNoLeak, finiteDifference } from '@ganloom/test-tools';
import { onEachBackend } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { eachBackend } from '../../test/each-backend';
import { mean, softplus } from '../../test/formulas';
import { relativisticPairing } from './relativistic-pairing';

beforeAll(() => tf.setBackend('cpu'));

const REAL = [-3, -0.7, 0.2, 0.9, 1.6, 4];
const FAKE = [-2.5, -1.3, -0.4, 0.3, 2, 5];
const loss = relativisticPairing();
const critique = (logits: tf.Tensor) => ({ logits });
const discriminator = (r: tf.Tensor, f: tf.Tensor) => loss.discriminator(critique(r), critique(f));
const generator = (r: tf.Tensor, f: tf.Tensor) => loss.generator(critique(f), () => critique(r));

/** softplus of the difference of each pair. */
const reference = (better: ArrayLike<number>, worse: ArrayLike<number>) =>
  mean(
    Array.from(better, (_, i) => softplus(worse[i]! - better[i]!)),
    (v) => v,
  );

it('agrees with the formula, gradients included', () => {
  tf.tidy(() => {
    const real = tf.tensor(REAL, [6, 1]);
    const fake = tf.tensor(FAKE, [6, 1]);
    expect(discriminator(real, fake)).toBeAllclose([reference(REAL, FAKE)]);
    expect(generator(real, fake)).toBeAllclose([reference(FAKE, REAL)]);
    const [dReal, dFake] = tf.grads(discriminator)([real, fake]);
    expect(dReal!).toBeAllclose(finiteDifference((r) => reference(r, FAKE), REAL));
    expect(dFake!).toBeAllclose(finiteDifference((f) => reference(REAL, f), FAKE));
    const [, gFake] = tf.grads(generator)([real, fake]);
    expect(gFake!).toBeAllclose(finiteDifference((f) => reference(f, REAL), FAKE));
  });
});

it('refuses logits that do not pair', () => {
  tf.tidy(() => {
    const [column, row] = [tf.zeros([3, 1]), tf.zeros([3])];
    for (const objective of [discriminator, generator]) {
      expect(() => objective(row, column)).toThrow(
        /^relativisticPairing: the logits of one side must have the shape \[3(,1)?\] of the other, got \[3(,1)?\]; critics/,
      );
    }
  });
});

it('has the values and slopes computed by hand, at large logits too', async () => {
  await onEachBackend(eachBackend, (backend) =>
    tf.tidy(() => {
      const real = tf.tensor1d([1, 1e4]);
      const fake = tf.tensor1d([1, -1e4]);
      // log 2 for a tie, 0 and 2e4 for certainty.
      expect(discriminator(real, fake), backend).toBeAllclose([Math.LN2 / 2]);
      expect(generator(real, fake), backend).toBeAllclose([(Math.LN2 + 2e4) / 2]);
      // Of each pair ½σ(±(r − f)): half of it for a tie, nothing and all of it for certainty.
      const [dReal, dFake] = tf.grads(discriminator)([real, fake]);
      expect(dReal!, backend).toBeAllclose([-0.25, 0]);
      expect(dFake!, backend).toBeAllclose([0.25, 0]);
      const [gReal, gFake] = tf.grads(generator)([real, fake]);
      expect(gReal!, backend).toBeAllclose([0.25, 0.5]);
      expect(gFake!, backend).toBeAllclose([-0.25, -0.5]);
    }),
  );
  const some = tf.tensor1d(REAL);
  expectNoLeak(() => discriminator(some, some));
  expectNoLeak(() => generator(some, some));
  some.dispose();
});
