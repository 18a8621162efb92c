import type { AdversarialLoss } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/**
 * The Wasserstein loss: D is a critic, whose mean on real and on fake examples differs by the distance
 * that G closes.
 *
 * L_D = E D(G(z)) − E D(x)
 * L_G = −E D(G(z))
 *
 * Arjovsky, Chintala and Bottou 2017 (arXiv 1701.07875). The critic must be 1-Lipschitz, by
 * `gradientPenalty`, spectral normalization or clipped weights, and is updated several times (5) for
 * each update of G.
 *
 * Critiques hold logits of any shape; all their elements are averaged.
 */
export function wasserstein(): AdversarialLoss {
  return {
    name: 'wasserstein',
    discriminator: (real, fake) =>
      tf.tidy(() => tf.sub<tf.Scalar>(tf.mean(fake.logits), tf.mean(real.logits))),
    generator: (fake) => tf.tidy(() => tf.neg(tf.mean(fake.logits)) as tf.Scalar),
  };
}
