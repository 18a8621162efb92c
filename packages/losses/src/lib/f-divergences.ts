import { requireNumbers, usageError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { boundedExp } from './bounded-exp';

/**
 * A divergence D_f(P‖Q) = E_Q f(p/q) of the data P from the fakes Q, as `fGan` needs it. Both functions
 * work element by element on logits v of any shape, and grow with v.
 *
 * Those here are the table of Nowozin, Cseke and Tomioka 2016 (arXiv 1606.00709, table 6). Any growing g_f
 * onto the domain of f* will do, so where the paper's needs Lambert's W or a logarithm that rounds to that
 * of zero, another is taken, for which v at its best is the logarithm of u, or of the odds.
 */
export interface FDivergence {
  readonly name: string;
  /** T = g_f(v), the output activation: any logit to the domain of f*. */
  activation(logits: tf.Tensor): tf.Tensor;
  /**
   * f*(g_f(v)), the convex conjugate f*(t) = sup_u (ut − f(u)) of the activation. In one, because the
   * two apart round and overflow: log(1 − T) where T rounds to 1.
   */
  conjugate(logits: tf.Tensor): tf.Tensor;
}

/**
 * The Kullback–Leibler divergence, f(u) = u log u: g_f(v) = v, f*(t) = exp(t − 1).
 *
 * From v = 21 the conjugate goes on as its tangent, where the paper's overflows.
 */
export const klDivergence: FDivergence = {
  name: 'kl',
  activation: tf.clone,
  conjugate: (v) => tf.tidy(() => boundedExp(tf.sub(v, 1))),
};

/**
 * The reverse Kullback–Leibler divergence, f(u) = −log u: g_f(v) = −exp(−v), f*(t) = −1 − log(−t).
 *
 * Below v = −20 the activation goes on as its tangent, where the paper's overflows.
 */
export const reverseKlDivergence: FDivergence = {
  name: 'reverse-kl',
  activation: (v) => tf.tidy(() => tf.neg(boundedExp(tf.neg(v)))),
  conjugate: (v) => tf.sub(v, 1),
};

/**
 * Pearson's χ², f(u) = (u − 1)²: g_f(v) = v, f*(t) = t²/4 + t. The conjugate falls again below v = −2,
 * which no u ≥ 0 asks for.
 */
export const pearsonDivergence: FDivergence = {
  name: 'pearson',
  activation: tf.clone,
  conjugate: (v) => tf.tidy(() => tf.add(tf.mul(tf.square(v), 0.25), v)),
};

/**
 * Neyman's χ², f(u) = (1 − u)²/u: g_f(v) = 1 − exp(−v), f*(t) = 2 − 2√(1 − t), together
 * 2 − 2 exp(−v/2).
 *
 * Below v = −20 the activation, and below v = −40 the conjugate, go on as their tangents.
 */
export const neymanDivergence: FDivergence = {
  name: 'neyman',
  activation: (v) => tf.tidy(() => tf.sub(1, boundedExp(tf.neg(v)))),
  conjugate: (v) => tf.tidy(() => tf.sub(2, tf.mul(boundedExp(tf.mul(v, -0.5)), 2))),
};

/**
 * The total variation, f(u) = ½|u − 1|: g_f(v) = ½ tanh v, f*(t) = t. For D the best v is infinite
 * wherever real and fake are not equally likely, so that its gradient vanishes as it becomes certain.
 */
export const totalVariationDivergence: FDivergence = {
  name: 'total-variation',
  activation: halfTanh,
  conjugate: halfTanh,
};

function halfTanh(v: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.mul(tf.tanh(v), 0.5));
}

/**
 * Jeffrey's divergence, that of Kullback and Leibler both ways, f(u) = (u − 1) log u: g_f(v) =
 * v + 1 − exp(−v), f*(g_f(v)) = v − 1 + exp v. The paper's g_f is v, with Lambert's W in f*.
 *
 * Below v = −20 the activation, and above v = 20 the conjugate, go on as their tangents.
 */
export const jeffreyDivergence: FDivergence = {
  name: 'jeffrey',
  activation: (v) => tf.tidy(() => tf.sub(tf.add(v, 1), boundedExp(tf.neg(v)))),
  conjugate: (v) => tf.tidy(() => tf.add(tf.sub(v, 1), boundedExp(v))),
};

/**
 * The squared Hellinger distance, f(u) = (√u − 1)²: g_f(v) = 1 − exp(−v), f*(t) = t/(1 − t).
 *
 * Below v = −20 the activation, and above v = 20 the conjugate exp(v) − 1, go on as their tangents.
 */
export const squaredHellingerDivergence: FDivergence = {
  name: 'squared-hellinger',
  activation: (v) => tf.tidy(() => tf.sub(1, boundedExp(tf.neg(v)))),
  conjugate: (v) => tf.tidy(() => tf.sub(boundedExp(v), 1)),
};

/**
 * The Jensen–Shannon divergence (twice the usual one), f(u) = −(u + 1) log((1 + u)/2) + u log u:
 * g_f(v) = log 2 − softplus(−v), f*(t) = −log(2 − exp t), together softplus(v) − log 2.
 */
export const jensenShannonDivergence: FDivergence = {
  name: 'jensen-shannon',
  activation: (v) => tf.tidy(() => tf.sub(Math.LN2, tf.softplus(tf.neg(v)))),
  conjugate: (v) => tf.tidy(() => tf.sub(tf.softplus(v), Math.LN2)),
};

/**
 * The Jensen–Shannon divergence with the share π of real examples in the mixture,
 * f(u) = π u log u − (1 − π + π u) log(1 − π + π u): g_f(v) = −π log π − π softplus(−v),
 * f*(t) = (1 − π) log((1 − π)/(1 − π exp(t/π))), together (1 − π)(log(1 − π) + softplus(v)). With π = ½ it is
 * half of {@link jensenShannonDivergence}. The paper's g_f has no π before the softplus.
 *
 * @throws UsageError if π is not in (0, 1).
 */
export function weightedJensenShannonDivergence(share: number): FDivergence {
  const remedy = 'use 0.5 for as many real as fake';
  requireNumbers('weightedJensenShannonDivergence', { share }, { above: 0, below: 1 }, remedy);
  const rest = 1 - share;
  return {
    name: `jensen-shannon-${share}`,
    activation: (v) =>
      tf.tidy(() => tf.mul(tf.sub(-Math.log(share), tf.softplus(tf.neg(v))), share)),
    conjugate: (v) => tf.tidy(() => tf.mul(tf.add(Math.log(rest), tf.softplus(v)), rest)),
  };
}

/**
 * The α-divergence, f(u) = (u^α − 1 − α(u − 1))/(α(α − 1)): g_f(v) = (exp((α − 1)v) − 1)/(α − 1),
 * f*(t) = ((1 + (α − 1)t)^(α/(α − 1)) − 1)/α, together (exp(αv) − 1)/α. α = 2 is half of Pearson's, −1 half
 * of Neyman's and ½ twice the squared Hellinger; towards 1 and 0 it becomes Kullback and Leibler's and its
 * reverse. The paper's g_f is v for α > 1 and 1/(1 − α) − softplus(−v) for α < 1.
 *
 * Where an exponent is above 20, the exponential goes on as its tangent.
 *
 * @throws UsageError if α is 0, 1 or not finite.
 */
export function alphaDivergence(alpha: number): FDivergence {
  if (!Number.isFinite(alpha) || alpha === 0 || alpha === 1) {
    throw usageError(
      'alphaDivergence',
      'alpha must be a number other than 0 and 1',
      alpha,
      'use klDivergence for 1 and reverseKlDivergence for 0',
    );
  }
  // (eᵏᵛ − 1)/k.
  const power = (v: tf.Tensor, k: number) =>
    tf.tidy(() => tf.div(tf.sub(boundedExp(tf.mul(v, k)), 1), k));
  return {
    name: `alpha-${alpha}`,
    activation: (v) => power(v, alpha - 1),
    conjugate: (v) => power(v, alpha),
  };
}

/**
 * The divergence of the first GAN, f(u) = u log u − (u + 1) log(u + 1): g_f(v) = −softplus(−v),
 * f*(t) = −log(1 − exp t), together softplus(v). With it `fGan` is `minimax`.
 */
export const ganDivergence: FDivergence = {
  name: 'gan',
  activation: (v) => tf.tidy(() => tf.neg(tf.softplus(tf.neg(v)))),
  conjugate: (v) => tf.softplus(v),
};
