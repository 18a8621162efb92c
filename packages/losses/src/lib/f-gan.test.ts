import { expectNoLeak } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkLoss, mean, softplus } from './check-loss';
import {
  type FDivergence,
  ganDivergence,
  jensenShannonDivergence,
  klDivergence,
  pearsonDivergence,
  reverseKlDivergence,
  squaredHellingerDivergence,
} from './f-divergences';
import { fGan } from './f-gan';

beforeAll(() => tf.setBackend('cpu'));

const { exp, log, sqrt, LN2 } = Math;
const bounded = (x: number) => (x > 20 ? exp(20) * (1 + x - 20) : exp(x));

interface Case {
  readonly divergence: FDivergence;
  /** The paper's f and its derivative. */
  readonly f: (u: number) => number;
  readonly slope: (u: number) => number;
  /** The logit v with g_f(v) = f'(u). */
  readonly logit: (u: number) => number;
  readonly activation: (v: number) => number;
  readonly conjugate: (v: number) => number;
}

const cases: Case[] = [
  {
    divergence: klDivergence,
    f: (u) => u * log(u),
    slope: (u) => 1 + log(u),
    logit: (u) => 1 + log(u),
    activation: (v) => v,
    conjugate: (v) => bounded(v - 1),
  },
  {
    divergence: reverseKlDivergence,
    f: (u) => -log(u),
    slope: (u) => -1 / u,
    logit: log,
    activation: (v) => -bounded(-v),
    conjugate: (v) => v - 1,
  },
  {
    divergence: pearsonDivergence,
    f: (u) => (u - 1) ** 2,
    slope: (u) => 2 * (u - 1),
    logit: (u) => 2 * (u - 1),
    activation: (v) => v,
    conjugate: (v) => v ** 2 / 4 + v,
  },
  {
    divergence: squaredHellingerDivergence,
    f: (u) => (sqrt(u) - 1) ** 2,
    slope: (u) => 1 - 1 / sqrt(u),
    logit: (u) => log(u) / 2,
    activation: (v) => 1 - bounded(-v),
    conjugate: (v) => bounded(v) - 1,
  },
  {
    divergence: jensenShannonDivergence,
    f: (u) => -(u + 1) * log((1 + u) / 2) + u * log(u),
    slope: (u) => log((2 * u) / (1 + u)),
    logit: log,
    activation: (v) => LN2 - softplus(-v),
    conjugate: (v) => softplus(v) - LN2,
  },
  {
    divergence: ganDivergence,
    f: (u) => u * log(u) - (u + 1) * log(u + 1),
    slope: (u) => log(u / (u + 1)),
    logit: log,
    activation: (v) => -softplus(-v),
    conjugate: softplus,
  },
];

describe.each(cases.map((c) => [c.divergence.name, c] as const))('%s', (_, c) => {
  const { divergence, activation, conjugate } = c;

  it.each([false, true])('agrees with the formula, non-saturating: %s', (nonSaturating) => {
    checkLoss(fGan({ divergence, nonSaturating }), {
      discriminator: (r, f) => mean(f, conjugate) - mean(r, activation),
      generator: (f) => -mean(f, nonSaturating ? activation : conjugate),
    });
  });

  it('meets Fenchel’s equality: u·f′(u) − f*(f′(u)) = f(u)', () => {
    tf.tidy(() => {
      const ratios = [0.1, 0.5, 1, 2, 7];
      const best = tf.tensor1d(ratios.map(c.logit));
      expect(divergence.activation(best)).toBeAllclose(ratios.map(c.slope));
      const expected = ratios.map((u) => u * c.slope(u) - c.f(u));
      // Zero for u = 1 and most divergences, by cancellation.
      expect(divergence.conjugate(best)).toBeAllclose(expected, { atol: 1e-5 });
    });
  });

  it('is least for D at the divergence itself', () => {
    tf.tidy(() => {
      // P = (0.8, 0.2), Q = (0.4, 0.6), as batches of five.
      const logitOf = (u: number) => c.logit(u);
      const [first, second] = [logitOf(0.8 / 0.4), logitOf(0.2 / 0.6)];
      const at = (shift: number) =>
        fGan({ divergence })
          .discriminator(
            { logits: tf.tensor1d([first, first, first, first, second + shift]) },
            {
              logits: tf.tensor1d(
                [first, first, second, second, second].map((v, i) => (i < 2 ? v : v + shift)),
              ),
            },
          )
          .dataSync()[0]!;
      const expected = 0.4 * c.f(0.8 / 0.4) + 0.6 * c.f(0.2 / 0.6);
      expect([-at(0)]).toBeAllclose([expected]);
      expect(at(0.3)).toBeGreaterThan(at(0));
      expect(at(-0.3)).toBeGreaterThan(at(0));
    });
  });

  it('leaks nothing', () => {
    const v = tf.tensor1d([-1, 2]);
    expectNoLeak(() => [divergence.activation(v), divergence.conjugate(v)]);
    v.dispose();
  });
});
