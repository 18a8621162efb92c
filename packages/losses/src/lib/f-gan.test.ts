import { expectNoLeak } from '@ganloom/test-tools';
import { checkLoss } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { eachBackend } from '../../test/each-backend';
import { mean, softplus } from '../../test/formulas';
import {
  alphaDivergence,
  type FDivergence,
  ganDivergence,
  jeffreyDivergence,
  jensenShannonDivergence,
  klDivergence,
  neymanDivergence,
  pearsonDivergence,
  reverseKlDivergence,
  squaredHellingerDivergence,
  totalVariationDivergence,
  weightedJensenShannonDivergence,
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
  /** Changes of the best logit of the rarer example that make D worse. Default 0.3 and −0.3. */
  readonly worse?: readonly number[];
}

const alphaCase = (alpha: number): Case => ({
  divergence: alphaDivergence(alpha),
  f: (u) => (u ** alpha - 1 - alpha * (u - 1)) / (alpha * (alpha - 1)),
  slope: (u) => (u ** (alpha - 1) - 1) / (alpha - 1),
  logit: log,
  activation: (v) => (bounded((alpha - 1) * v) - 1) / (alpha - 1),
  conjugate: (v) => (bounded(alpha * v) - 1) / alpha,
});

const weightedCase = (share: number): Case => ({
  divergence: weightedJensenShannonDivergence(share),
  f: (u) => share * u * log(u) - (1 - share + share * u) * log(1 - share + share * u),
  slope: (u) => share * log(u / (1 - share + share * u)),
  logit: (u) => log((share * u) / (1 - share)),
  activation: (v) => -share * log(share) - share * softplus(-v),
  conjugate: (v) => (1 - share) * (log(1 - share) + softplus(v)),
});

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
  {
    divergence: neymanDivergence,
    f: (u) => (1 - u) ** 2 / u,
    slope: (u) => 1 - 1 / u ** 2,
    logit: (u) => 2 * log(u),
    activation: (v) => 1 - bounded(-v),
    conjugate: (v) => 2 - 2 * bounded(-v / 2),
  },
  {
    divergence: totalVariationDivergence,
    f: (u) => Math.abs(u - 1) / 2,
    slope: (u) => Math.sign(u - 1) / 2,
    // The best is infinite; this is where float32 is there.
    logit: (u) => 20 * Math.sign(u - 1),
    activation: (v) => Math.tanh(v) / 2,
    conjugate: (v) => Math.tanh(v) / 2,
    worse: [18, 40],
  },
  {
    divergence: jeffreyDivergence,
    f: (u) => (u - 1) * log(u),
    slope: (u) => log(u) + 1 - 1 / u,
    logit: log,
    activation: (v) => v + 1 - bounded(-v),
    conjugate: (v) => v - 1 + bounded(v),
  },
  ...[0.25, 0.5, 0.9].map(weightedCase),
  ...[-1, 0.5, 1.5, 2].map(alphaCase),
];

describe.each(cases.map((c) => [c.divergence.name, c] as const))('%s', (_, c) => {
  const { divergence, activation, conjugate } = c;

  it.each([false, true])('agrees with the formula, non-saturating: %s', async (nonSaturating) => {
    await checkLoss(
      fGan({ divergence, nonSaturating }),
      {
        discriminator: (r, f) => mean(f, conjugate) - mean(r, activation),
        generator: (f) => -mean(f, nonSaturating ? activation : conjugate),
      },
      eachBackend,
    );
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
      for (const shift of c.worse ?? [0.3, -0.3]) expect(at(shift)).toBeGreaterThan(at(0));
    });
  });

  it('leaks nothing', () => {
    const v = tf.tensor1d([-1, 2]);
    expectNoLeak(() => [divergence.activation(v), divergence.conjugate(v)]);
    v.dispose();
  });
});

it.each([
  [neymanDivergence, 2 * LN2, 1 - 1 / 4, 2 - 1],
  // tanh(log 2) = (2 − ½)/(2 + ½).
  [totalVariationDivergence, LN2, 0.3, 0.3],
  [jeffreyDivergence, LN2, LN2 + 1 - 1 / 2, LN2 - 1 + 2],
  [weightedJensenShannonDivergence(0.25), 0, 0.25 * LN2, 0.75 * log(1.5)],
  [alphaDivergence(2), LN2, 1, 3 / 2],
  [alphaDivergence(-1), LN2, 3 / 8, 1 / 2],
  [alphaDivergence(0.5), LN2, 2 - sqrt(2), 2 * (sqrt(2) - 1)],
] as const)('has the values computed by hand: %o', (divergence, logit, activation, conjugate) => {
  tf.tidy(() => {
    const v = tf.scalar(logit);
    expect(divergence.activation(v)).toBeAllclose([activation]);
    expect(divergence.conjugate(v)).toBeAllclose([conjugate]);
  });
});

it('refuses shares and exponents that are no divergences', () => {
  for (const share of [0, 1, NaN]) {
    expect(() => weightedJensenShannonDivergence(share)).toThrow(
      `weightedJensenShannonDivergence: share must be a number above 0 and below 1, got ${share}; use 0.5`,
    );
  }
  for (const alpha of [0, 1, Infinity]) {
    expect(() => alphaDivergence(alpha)).toThrow(
      `alphaDivergence: alpha must be a number other than 0 and 1, got ${alpha}; use klDivergence`,
    );
  }
});
