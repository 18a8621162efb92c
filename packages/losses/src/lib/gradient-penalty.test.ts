import { type Critique, RandomStream, type Sample } from '@ganloom/core';
import { expectNoLeak, finiteDifference } from '@ganloom/test-tools';
import { termContext } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { gradientPenalty } from './gradient-penalty';
import { tinyDiscriminator } from '../../test/tiny-discriminator';

beforeAll(() => tf.setBackend('cpu'));

/** D = ½ ‖x‖², whose gradient is x. */
const halfSquare = (x: tf.Tensor): Critique => ({ logits: tf.mul(tf.sum(tf.square(x), 1), 0.5) });

it('takes a norm for each example, not one for the batch', () => {
  tf.tidy(() => {
    // Real and fake agree, so the interpolates are known. Norms 5 and 1: (16 + 0)/2.
    const x: tf.Tensor = tf.tensor2d([3, 4, 0, 1], [2, 2]);
    const context = termContext({ real: x, fake: x, critique: halfSquare });
    expect(gradientPenalty().value(context)).toBeAllclose(tf.scalar(8));
    // Towards 0: (25 + 1)/2.
    expect(gradientPenalty({ target: 0 }).value(context)).toBeAllclose([13]);
  });
});

it('penalizes small norms unless it is one-sided', () => {
  tf.tidy(() => {
    // Norms ½ and 3.
    const x: tf.Tensor = tf.tensor2d([0.3, 0.4, 3, 0], [2, 2]);
    const context = termContext({ real: x, fake: x, critique: halfSquare });
    expect(gradientPenalty().value(context)).toBeAllclose([(0.25 + 4) / 2]);
    expect(gradientPenalty({ oneSided: true }).value(context)).toBeAllclose([2]);
  });
});

it('draws an ε for each example, the same in all members and anew at each place of a stream', () => {
  tf.tidy(() => {
    const sample = (value: number, label: number) => ({
      images: tf.fill([3, 2, 2, 1], value),
      hint: tf.fill([3, 2], value),
      labels: tf.fill([3], label, 'int32'),
    });
    const seen: { images: number[][]; hint: number[][]; labels: number[] }[] = [];

    const context = termContext<Readonly<Record<string, tf.Tensor>>>({
      real: sample(1, 7),
      fake: { ...sample(0, 8), codes: tf.ones([3, 2]) },
      critique(sample) {
        expect(Object.keys(sample)).toEqual(['images', 'hint', 'labels']);
        const { images, hint, labels } = sample as Record<'images' | 'hint' | 'labels', tf.Tensor>;
        seen.push({
          images: tf.reshape(images, [3, 4]).arraySync() as number[][],
          hint: hint.arraySync() as number[][],
          labels: labels.arraySync() as number[],
        });
        return { logits: tf.add(tf.sum(images, [1, 2, 3]), tf.sum(hint, 1)) };
      },
    });
    gradientPenalty().value(context);
    gradientPenalty().value(context);
    const [first, second] = seen;
    const shares = first!.images.map(([share]) => share!);
    expect(new Set([...shares, second!.images[0]![0]]).size).toBe(4);
    for (const [i, share] of shares.entries()) {
      expect(share).toBeGreaterThan(0);
      expect(share).toBeLessThan(1);
      expect(first!.images[i]).toEqual(Array.from({ length: 4 }, () => share));
      expect(first!.hint[i]).toEqual([share, share]);
    }
    expect(first!.labels).toEqual([7, 7, 7]);
  });
});

describe.each(['softplus', 'leakyRelu'] as const)('with a discriminator of %s', (activation) => {
  it.each([{}, { oneSided: true }, { target: 0 }])('has the right gradient, %o', (options) => {
    const discriminator = tinyDiscriminator(activation);
    const { target = 1, oneSided = false } = { target: undefined, oneSided: undefined, ...options };
    const real = [0.4, -0.3, 1.1, 0.8, -0.9, 0.6];
    const fake = [-0.7, 0.2, 0.3, -1.3, 0.5, 0.9];
    tf.tidy(() => {
      const seen: number[] = [];
      const penalty = () =>
        gradientPenalty(options).value(
          termContext<tf.Tensor>({
            real: tf.tensor(real, [3, 1, 2, 1]),
            fake: tf.tensor(fake, [3, 1, 2, 1]),
            critique(x) {
              seen.splice(0, Infinity, ...x.dataSync());
              return { logits: discriminator.logits(x) };
            },
          }),
        );
      const gradient = discriminator.gradient(penalty);
      const reference = (w: ArrayLike<number>) => {
        const norms = [0, 2, 4].map((i) =>
          Math.sqrt(discriminator.squaredNorm(w, seen.slice(i, i + 2))),
        );
        const excess = norms.map((n) => (oneSided ? Math.max(n - target, 0) : n - target));
        return excess.reduce((sum, e) => sum + e ** 2, 0) / 3;
      };
      expect(penalty()).toBeAllclose([reference(discriminator.weights)]);
      expect(reference(discriminator.weights)).toBeGreaterThan(0.01);
      const expected = finiteDifference(reference, discriminator.weights);
      // Cancellation in float32 of terms near 1.
      expect(gradient).toBeAllclose(expected, { rtol: 1e-4, atol: 1e-5 });
    });
    discriminator.dispose();
  });
});

it('is finite, and so is its gradient, where D is flat or steep', () => {
  tf.tidy(() => {
    const weight = tf.variable(tf.scalar(0));
    const x: tf.Tensor = tf.ones([2, 2]);
    const critique = (seen: tf.Tensor): Critique => ({ logits: tf.mul(seen, weight) });
    for (const slope of [0, 1e4]) {
      weight.assign(tf.scalar(slope));
      const { value, grads } = tf.variableGrads(
        () => gradientPenalty().value(termContext({ real: x, fake: x, critique })),
        [weight],
      );
      // (√2·w − 1)², and 2√2(√2·w − 1); 0 at the flat point, where the norm has a kink.
      expect(value).toBeAllclose([(Math.SQRT2 * slope - 1) ** 2]);
      const expected = slope === 0 ? 0 : 2 * Math.SQRT2 * (Math.SQRT2 * slope - 1);
      expect(grads[weight.name]!).toBeAllclose([expected]);
    }
    weight.dispose();
  });
});

it('depends on the stream alone, and leaks nothing', () => {
  const real: tf.Tensor = tf.tensor2d([1, 2, 3, 4], [2, 2]);
  const fake = tf.zeros([2, 2]);
  const at = (seed: number) =>
    gradientPenalty().value(
      termContext<Sample>({
        real,
        fake,
        critique: (x) => halfSquare(x as tf.Tensor),
        random: RandomStream.fromSeed(seed),
      }),
    );
  const values = [1, 1, 2].map((seed) => tf.tidy(() => at(seed).dataSync()[0]));
  expect(values[0]).toBe(values[1]);
  expect(values[0]).not.toBe(values[2]);
  expectNoLeak(() => at(1));
  tf.dispose([real, fake]);
});

it('refuses what cannot be', () => {
  expect(() => gradientPenalty({ every: 0 })).toThrow('every must be a positive integer, got 0');
  expect(() => gradientPenalty({ weight: Number.NaN })).toThrow(
    'weight must be a number of at least 0',
  );
  expect(() => gradientPenalty({ target: -1 })).toThrow(
    'target must be a number of at least 0, got -1',
  );
  expect(gradientPenalty({ every: 4 })).toMatchObject({ every: 4, weight: 10 });
  const falling = { name: 'falling', at: (n: number) => 10 - n };
  expect(gradientPenalty({ weight: falling }).weight).toBe(falling);
  tf.tidy(() => {
    const context = termContext({
      real: tf.zeros([2, 3]) as tf.Tensor,
      fake: tf.zeros([4, 3]),
      critique: halfSquare,
    });
    expect(() => gradientPenalty().value(context)).toThrow(
      'gradientPenalty: real and fake examples must have one shape [2,3], got [4,3]',
    );
  });
});
