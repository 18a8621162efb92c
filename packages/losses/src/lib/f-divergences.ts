import * as tf from '@tensorflow/tfjs';
import { boundedExp } from './bounded-exp';

/**
 * A divergence D_f(P‖Q) = E_Q f(p/q) of the data P from the fakes Q, as `fGan` needs it. Both functions
 * work element by element on logits v of any shape, and grow with v.
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
 * The divergence of the first GAN, f(u) = u log u − (u + 1) log(u + 1): g_f(v) = −softplus(−v),
 * f*(t) = −log(1 − exp t), together softplus(v). With it `fGan` is `minimax`.
 */
export const ganDivergence: FDivergence = {
  name: 'gan',
  activation: (v) => tf.tidy(() => tf.neg(tf.softplus(tf.neg(v)))),
  conjugate: (v) => tf.softplus(v),
};
