import type { AdversarialLoss } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import {
  checkRealLabel,
  discriminatorCrossEntropy,
  type RealLabelOptions,
} from './discriminator-cross-entropy';

/** Settings of {@link minimax}. */
export type MinimaxOptions = RealLabelOptions;

/**
 * The zero-sum game of the first GAN: both sides play for the same value.
 *
 * L_D = E softplus(−D(x)) + E softplus(D(G(z)))
 * L_G = −E softplus(D(G(z))) = E log(1 − σ(D(G(z))))
 *
 * The generator's gradient vanishes where D recognizes the fakes (it saturates), so that
 * {@link nonSaturating} usually trains better.
 *
 * Goodfellow et al. 2014, equation 1 (arXiv 1406.2661).
 *
 * Critiques hold logits of any shape; all their elements are averaged.
 *
 * @throws UsageError if `realLabel` is not in (0.5, 1].
 */
export function minimax({ realLabel = 1 }: MinimaxOptions = {}): AdversarialLoss {
  checkRealLabel('minimax', realLabel);
  return {
    name: 'minimax',
    discriminator: (real, fake) => tf.tidy(() => discriminatorCrossEntropy(real, fake, realLabel)),
    generator: (fake) => tf.tidy(() => tf.neg(tf.mean(tf.softplus(fake.logits))) as tf.Scalar),
  };
}
