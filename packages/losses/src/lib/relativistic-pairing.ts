import type { AdversarialLoss, Critique } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/**
 * The relativistic pairing loss: D says whether a real example is more real than the fake one beside
 * it, and G wants the opposite.
 *
 * L_D = E softplus(−(D(x) − D(G(z))))
 * L_G = E softplus(D(x) − D(G(z)))
 *
 * Jolicoeur-Martineau 2018 (arXiv 1807.00734, RSGAN). What real and fake have in common cancels, so it
 * suits games whose pairs show the same thing, as super-resolution's do (ESRGAN, Wang et al. 2018,
 * arXiv 1809.00219, takes its average form).
 *
 * Critiques hold logits of one shape; all their elements are averaged.
 */
export function relativisticPairing(): AdversarialLoss {
  const advantage = (one: Critique, other: Critique) =>
    tf.tidy(() => tf.mean(tf.softplus(tf.sub(other.logits, one.logits))) as tf.Scalar);
  return {
    name: 'relativistic-pairing',
    discriminator: (real, fake) => advantage(real, fake),
    generator: (fake, real) => advantage(fake, real()),
  };
}
