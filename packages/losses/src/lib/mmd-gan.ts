import type { AdversarialLoss } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { requireScales, SCALES, squaredMmd } from './squared-mmd';

/** Settings of {@link mmdGan}. */
export interface MmdGanOptions {
  /** α of the kernels. Default 0.2, 0.5, 1, 2 and 5. */
  readonly scales?: readonly number[];
}

/**
 * The MMD-GAN: D maps samples to points at which a kernel tells real from fake, and G makes them alike.
 *
 * L_D = −MMD²(D(x), D(G(z))),  L_G = MMD²(D(x), D(G(z))), with rational quadratic kernels
 *
 * Li et al. 2017 (arXiv 1705.08584); kernels and the unbiased estimator as in Bińkowski et al. 2018
 * (arXiv 1801.01401). Logits are points `[batch, k]`, in the papers 16 numbers and more; of one number it works
 * too. D needs a bound: `witnessPenalty`, or spectral normalization.
 *
 * @throws UsageError if a scale is not positive; the loss a GanloomError at a batch of one example.
 */
export function mmdGan({ scales = SCALES }: MmdGanOptions = {}): AdversarialLoss {
  requireScales('mmdGan', scales);
  return {
    name: 'mmd-gan',
    discriminator: (real, fake) =>
      tf.tidy(() => tf.neg(squaredMmd('mmdGan', real.logits, fake.logits, scales)) as tf.Scalar),
    generator: (fake, real) => squaredMmd('mmdGan', real().logits, fake.logits, scales),
  };
}
