import type { AdversarialLoss, Critique } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { nonSaturating } from './non-saturating';

/** Settings of {@link relativisticAverage}. */
export interface RelativisticAverageOptions {
  /**
   * The loss whose discriminator objective sees the differences. Default `nonSaturating()`, which makes
   * RaSGAN; `leastSquares({ fakeTarget: -1 })` makes RaLSGAN (with halves), `hinge()` RaHingeGAN. A
   * smoothed label is that of the real examples for D, and of the fakes for G.
   */
  readonly base?: AdversarialLoss;
}

/**
 * The relativistic average loss: D says how much more real an example is than the average one of the
 * other side, and G wants its examples to be that.
 *
 * r̃ = D(x) − E D(G(z)), f̃ = D(G(z)) − E D(x)
 * L_D = base_D(r̃, f̃), by default E softplus(−r̃) + E softplus(f̃)
 * L_G = base_D(f̃, r̃), by default E softplus(−f̃) + E softplus(r̃)
 *
 * Jolicoeur-Martineau 2018 (arXiv 1807.00734); ESRGAN's loss (Wang et al. 2018, arXiv 1809.00219).
 *
 * Critiques hold logits of any shape; averages are over all their elements.
 */
export function relativisticAverage({
  base = nonSaturating(),
}: RelativisticAverageOptions = {}): AdversarialLoss {
  const objective = (better: Critique, worse: Critique) =>
    tf.tidy(() => base.discriminator(against(better, worse), against(worse, better)));
  return {
    name: `relativistic-average-${base.name}`,
    ...(base.state && { state: base.state }),
    ...(base.statistics && { statistics: base.statistics }),
    discriminator: (real, fake) => objective(real, fake),
    generator: (fake, real) => objective(fake, real()),
  };
}

/** The critique with logits relative to the average of the other. */
function against(one: Critique, other: Critique): Critique {
  return { ...one, logits: tf.sub(one.logits, tf.mean(other.logits)) };
}
