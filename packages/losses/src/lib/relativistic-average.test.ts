import { expectNoLeak, finiteDifference } from '@ganloom/test-tools';
import { onEachBackend } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { eachBackend } from '../../test/each-backend';
import { mean, softplus } from '../../test/formulas';
import { hinge } from './hinge';
import { leastSquares } from './least-squares';
import { nonSaturating } from './non-saturating';
import { relativisticAverage } from './relativistic-average';

beforeAll(() => tf.setBackend('cpu'));

const REAL = [-3, -0.7, 0.2, 0.9, 1.6, 4];
const FAKE = [-2.5, -1.3, -0.4, 0.3, 2];
// Neither their means nor the kinks of a hinge are alike.
const HUGE_REAL = [-1e4, 1e4];
const HUGE_FAKE = [1e4, -4e3, -1e4];
const identity = (t: number) => t;
const critique = (logits: tf.Tensor) => ({ logits });

const cases = [
  ['nonSaturating', nonSaturating(), (t: number) => softplus(-t)],
  ['smoothed', nonSaturating({ realLabel: 0.9 }), (t: number) => softplus(-t) + 0.1 * t],
  ['hinge', hinge(), (t: number) => Math.max(0, 1 - t)],
  ['leastSquares', leastSquares({ fakeTarget: -1 }), (t: number) => (t - 1) ** 2 / 2],
] as const;

describe.each(cases)('over %s', (name, base, onBetter) => {
  const loss = relativisticAverage({ base });
  const discriminator = (r: tf.Tensor, f: tf.Tensor) =>
    loss.discriminator(critique(r), critique(f));
  const generator = (f: tf.Tensor, r: tf.Tensor) => loss.generator(critique(f), () => critique(r));
  const onWorse = name === 'smoothed' ? softplus : (t: number) => onBetter(-t);
  const reference = (better: ArrayLike<number>, worse: ArrayLike<number>) =>
    mean(better, (t) => onBetter(t - mean(worse, identity))) +
    mean(worse, (t) => onWorse(t - mean(better, identity)));

  it.each([
    ['discriminator', discriminator, REAL, FAKE],
    ['generator', generator, FAKE, REAL],
    ['discriminator at large logits', discriminator, HUGE_REAL, HUGE_FAKE],
    ['generator at large logits', generator, HUGE_FAKE, HUGE_REAL],
  ] as const)('agrees with the formula for the %s', async (_, objective, better, worse) => {
    // Values of 1e8 are coarse in float64, too; but at large logits losses are linear or quadratic.
    const h = Math.max(...better) > 100 ? 1 : 1e-5;
    const expected = [
      finiteDifference((b) => reference(b, worse), better, h),
      finiteDifference((w) => reference(better, w), worse, h),
    ];
    await onEachBackend(eachBackend, (backend) =>
      tf.tidy(() => {
        const sides: [tf.Tensor, tf.Tensor] = [
          tf.tensor2d(better, [better.length, 1]),
          tf.tensor1d(worse),
        ];
        const value = objective(...sides);
        expect(value, backend).toBeAllclose(tf.scalar(reference(better, worse)));
        tf.grads(objective)(sides).forEach((gradient, i) => {
          expect(gradient, backend).toBeAllclose(expected[i]!);
        });
      }),
    );
  });
});

it('has the values computed by hand, and leaks nothing', () => {
  const real = critique(tf.tensor1d([1, 3]));
  const fake = critique(tf.tensor1d([2, 2]));
  const loss = relativisticAverage();
  // r̃ = [−1, 1] and f̃ = [0, 0]: ½(softplus(1) + softplus(−1)) + log 2 for both sides.
  const expected = (1.3132617 + 0.3132617) / 2 + Math.LN2;
  tf.tidy(() => {
    expect(loss.discriminator(real, fake)).toBeAllclose([expected]);
    expect(loss.generator(fake, () => real)).toBeAllclose([expected]);
  });
  expectNoLeak(() => loss.discriminator(real, fake));
  expectNoLeak(() => loss.generator(fake, () => real));
  tf.dispose([real, fake]);
});
