import type { Critique, Schedule } from '@ganloom/core';
import { expectNoLeak, finiteDifference } from '@ganloom/test-tools';
import { checkTerm, termContext } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { r3gan } from './r3gan';
import { tinyDiscriminator } from '../../test/tiny-discriminator';
import { r1, r2 } from './zero-centered-penalties';

beforeAll(() => tf.setBackend('cpu'));

const halfSquare = (x: tf.Tensor): Critique => ({ logits: tf.mul(tf.sum(tf.square(x), 1), 0.5) });

it('is the mean squared norm at real or fake examples', () => {
  tf.tidy(() => {
    const real: tf.Tensor = tf.tensor2d([3, 4, 0, 1], [2, 2]);
    const fake = tf.tensor2d([1, 1, 2, 0], [2, 2]);
    const context = termContext({ real, fake, critique: halfSquare });
    expect(r1().value(context)).toBeAllclose(tf.scalar(13));
    expect(r2().value(context)).toBeAllclose(tf.scalar(3));
  });
});

it('has the weight γ/2, and is lazy if told so', () => {
  expect(r1({ gamma: 3 })).toMatchObject({ name: 'r1', player: 'discriminator', weight: 1.5 });
  expect(r1().every).toBe(1);
  expect(r2({ every: 16 })).toMatchObject({ name: 'r2', weight: 5, every: 16 });
  const { weight } = r1({ gamma: { name: 'falling', at: (n) => 10 - n } });
  expect(weight).toMatchObject({ name: 'half of falling' });
  expect([0, 4].map((n) => (weight as Schedule).at(n))).toEqual([5, 3]);
  expect(() => r2({ gamma: -1 })).toThrow('r2: gamma must be a number of at least 0, got -1');
  expect(() => r1({ every: 1.5 })).toThrow('r1: every must be a positive integer, got 1.5; use 1');
});

it('sums the logits of patches', () => {
  tf.tidy(() => {
    // Two patches see each example with slopes 1 and 2, and both see its only value.
    const real: tf.Tensor = tf.ones([3, 1]);
    const critique = (x: tf.Tensor): Critique => ({ logits: tf.concat([x, tf.mul(x, 2)], 1) });
    expect(r1().value(termContext({ real, fake: real, critique }))).toBeAllclose([9]);
  });
});

it.each(['softplus', 'leakyRelu'] as const)(
  'has the right gradient with respect to the weights of a discriminator of %s',
  (activation) => {
    const discriminator = tinyDiscriminator(activation);
    const points = { real: [0.4, -0.3, 1.1, 0.8], fake: [-0.7, 0.2, 0.3, -1.3] };
    tf.tidy(() => {
      const context = () =>
        termContext<tf.Tensor>({
          real: tf.tensor(points.real, [2, 1, 2, 1]),
          fake: tf.tensor(points.fake, [2, 1, 2, 1]),
          critique: (x) => ({ logits: discriminator.logits(x) }),
        });
      for (const [term, at] of [
        [r1(), points.real],
        [r2(), points.fake],
      ] as const) {
        const reference = (w: ArrayLike<number>) =>
          (discriminator.squaredNorm(w, at.slice(0, 2)) +
            discriminator.squaredNorm(w, at.slice(2))) /
          2;
        expect(term.value(context())).toBeAllclose([reference(discriminator.weights)]);
        expect(discriminator.gradient(() => term.value(context()))).toBeAllclose(
          finiteDifference(reference, discriminator.weights),
          // Sums of products of four weights each, in float32.
          { rtol: 1e-4, atol: 1e-5 },
        );
      }
    });
    discriminator.dispose();
  },
);

it('has the right gradient for the whole objective of R3GAN', () => {
  const discriminator = tinyDiscriminator('softplus');
  const real = [0.4, -0.3, 1.1, 0.8];
  const fake = [-0.7, 0.2, 0.3, -1.3];
  const { loss, terms } = r3gan({ gamma: 2 });
  expect(terms.map(({ name, weight }) => [name, weight])).toEqual([
    ['r1', 1],
    ['r2', 1],
  ]);
  tf.tidy(() => {
    const gradient = discriminator.gradient(() => {
      const context = termContext<tf.Tensor>({
        real: tf.tensor(real, [2, 1, 2, 1]),
        fake: tf.tensor(fake, [2, 1, 2, 1]),
        critique: (x) => ({ logits: discriminator.logits(x) }),
      });
      const adversarial = loss.discriminator(context.realCritique(), context.fakeCritique());
      const penalties = terms.map((term) => tf.mul(term.value(context), term.weight as number));
      return tf.addN([adversarial, ...penalties]) as tf.Scalar;
    });
    const { logit, squaredNorm } = discriminator;
    const reference = (w: ArrayLike<number>) =>
      [0, 2].reduce((sum, i) => {
        const [x, y] = [real.slice(i, i + 2), fake.slice(i, i + 2)];
        const pairing = Math.log1p(Math.exp(logit(w, y) - logit(w, x)));
        return sum + (pairing + squaredNorm(w, x) + squaredNorm(w, y)) / 2;
      }, 0);
    expect(gradient).toBeAllclose(finiteDifference(reference, discriminator.weights), {
      // Sums of products of four weights each, in float32.
      rtol: 1e-4,
      atol: 1e-5,
    });
  });
  discriminator.dispose();
});

it.each([r1(), r2({ every: 2 })])('is a term: %o', (term) => {
  const discriminator = tinyDiscriminator('softplus');
  const encounter = {
    real: tf.tensor([0.4, -0.3, 1.1, 0.8], [2, 1, 2, 1]),
    fake: tf.tensor([-0.7, 0.2, 0.3, -1.3], [2, 1, 2, 1]),
    critique: (x: tf.Tensor) => ({ logits: discriminator.logits(x) }),
  };
  checkTerm(term, encounter, { variables: discriminator.variables });
  discriminator.dispose();
});

it('leaks nothing', () => {
  const real: tf.Tensor = tf.ones([2, 2]);
  const context = termContext({ real, fake: real, critique: halfSquare });
  expectNoLeak(() => r1().value(context));
  expectNoLeak(() => r2().value(context));
  real.dispose();
});
