import type { AdversarialLoss } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import {
  checkRealLabel,
  discriminatorCrossEntropy,
  type RealLabelOptions,
} from './discriminator-cross-entropy';

/** Settings of {@link nonSaturating}. */
export type NonSaturatingOptions = RealLabelOptions;

/**
 * The non-saturating loss, with which most unconditional GANs are trained.
 *
 * L_D = E softplus(−D(x)) + E softplus(D(G(z)))
 * L_G = E softplus(−D(G(z)))
 *
 * softplus(t) = log(1 + eᵗ) = −log σ(−t), so L_G = −E log σ(D(G(z))): the generator keeps a gradient
 * when D recognizes every fake, unlike in {@link minimax}.
 *
 * Goodfellow et al. 2014, section 3 (arXiv 1406.2661).
 *
 * Critiques hold logits of any shape; all their elements are averaged.
 *
 * @throws UsageError if `realLabel` is not in (0.5, 1].
 */
export function nonSaturating({ realLabel = 1 }: NonSaturatingOptions = {}): AdversarialLoss {
  checkRealLabel('nonSaturating', realLabel);
  return {
    name: 'non-saturating',
    discriminator: (real, fake) => tf.tidy(() => discriminatorCrossEntropy(real, fake, realLabel)),
    generator: (fake) => tf.tidy(() => tf.mean(tf.softplus(tf.neg(fake.logits))) as tf.Scalar),
  };
}
