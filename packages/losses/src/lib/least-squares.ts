import { type AdversarialLoss, requireNumbers, usageError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/** Settings of {@link leastSquares}. */
export interface LeastSquaresOptions {
  /** a: what D answers to fake examples. Default 0. */
  readonly fakeTarget?: number;
  /** b: what D answers to real examples. Default 1. */
  readonly realTarget?: number;
  /** c: what G wants D to answer to fake examples. Default `realTarget`. */
  readonly generatorTarget?: number;
}

/**
 * LSGAN: D regresses targets instead of classifying, so that fakes far on the right side of the
 * boundary are still pulled towards the data.
 *
 * L_D = ½ E (D(x) − b)² + ½ E (D(G(z)) − a)²
 * L_G = ½ E (D(G(z)) − c)²
 *
 * Mao et al. 2016, equations 2 and 9 (arXiv 1611.04076). Their a = −1, b = 1, c = 0 minimizes a
 * Pearson χ² divergence; the default is their a = 0, b = c = 1. One-sided label smoothing is b = 0.9 with
 * c = 1.
 *
 * Critiques hold logits of any shape; all their elements are averaged.
 *
 * @throws UsageError if a target is not finite or `realTarget` is not above `fakeTarget`.
 */
export function leastSquares({
  fakeTarget = 0,
  realTarget = 1,
  generatorTarget = realTarget,
}: LeastSquaresOptions = {}): AdversarialLoss {
  requireNumbers('leastSquares', { fakeTarget, realTarget, generatorTarget });
  if (realTarget <= fakeTarget) {
    const expected = `realTarget must be above fakeTarget (=${fakeTarget})`;
    throw usageError('leastSquares', expected, realTarget, 'use the targets 0 and 1, or -1 and 1');
  }
  return {
    name: 'least-squares',
    discriminator: (real, fake) =>
      tf.tidy(() =>
        tf.add<tf.Scalar>(
          halfMeanSquare(real.logits, realTarget),
          halfMeanSquare(fake.logits, fakeTarget),
        ),
      ),
    generator: (fake) => tf.tidy(() => halfMeanSquare(fake.logits, generatorTarget)),
  };
}

function halfMeanSquare(logits: tf.Tensor, target: number): tf.Scalar {
  return tf.mul(tf.mean(tf.square(tf.sub(logits, target))), 0.5);
}
