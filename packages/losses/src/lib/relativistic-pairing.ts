import { type AdversarialLoss, type Critique } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { requireShape } from './require-shape';

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
 *
 * The functions throw a GanloomError if the shapes differ: `[n, 1]` beside `[n]` would be n² pairs.
 */
export function relativisticPairing(): AdversarialLoss {
  const advantage = (one: Critique, other: Critique) =>
    tf.tidy(() => {
      const remedy =
        'critics must answer both alike; for batches that differ use relativisticAverage';
      const pair = [
        ['the logits of one side', one.logits],
        ['the other', other.logits],
      ] as const;
      requireShape('relativisticPairing', ...pair, remedy);
      return tf.mean(tf.softplus(tf.sub(other.logits, one.logits))) as tf.Scalar;
    });
  return {
    name: 'relativistic-pairing',
    discriminator: (real, fake) => advantage(real, fake),
    generator: (fake, real) => advantage(fake, real()),
  };
}
