import { type Critique, requireNumbers } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/** Setting shared by the losses whose discriminator is a binary classifier. */
export interface RealLabelOptions {
  /**
   * Target probability of real examples, in (0.5, 1]. Below 1 it is one-sided label smoothing
   * (Salimans et al. 2016, arXiv 1606.03498), which keeps D from growing ever more certain;
   * they use 0.9. Default 1.
   */
  readonly realLabel?: number;
}

/** @throws UsageError if the label is not in (0.5, 1]. */
export function checkRealLabel(where: string, realLabel: number): void {
  const remedy = 'use 1 for no smoothing or 0.9 for the usual one';
  requireNumbers(where, { realLabel }, { above: 0.5, max: 1 }, remedy);
}

/**
 * Binary cross-entropy of real examples with the label s and of fake ones with the label 0.
 *
 * −E[s·log σ(r) + (1 − s)·log(1 − σ(r))] − E[log(1 − σ(f))]
 *   = E[softplus(−r) + (1 − s)·r] + E[softplus(f)]
 *
 * In this form no logarithm of a rounded-off zero occurs. The caller tidies.
 */
export function discriminatorCrossEntropy(
  real: Critique,
  fake: Critique,
  realLabel: number,
): tf.Scalar {
  const onReal = tf.mean(tf.softplus(tf.neg(real.logits)));
  const onFake = tf.mean(tf.softplus(fake.logits));
  const sum = tf.add(onReal, onFake);
  if (realLabel === 1) return sum as tf.Scalar;
  return tf.add(sum, tf.mul(tf.mean(real.logits), 1 - realLabel)) as tf.Scalar;
}
