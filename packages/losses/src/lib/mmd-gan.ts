import { type AdversarialLoss, requireNumbers, usageError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { SCALES, squaredMmd } from './squared-mmd';

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
 * too. D needs a gradient penalty or another bound, as Wasserstein's.
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

/** @throws UsageError if there is no scale, or one is not positive. */
export function requireScales(where: string, scales: readonly number[]): void {
  if (scales.length === 0) throw usageError(where, 'scales must have at least one', scales);
  for (const [i, scale] of scales.entries()) {
    requireNumbers(where, { [`scales[${i}]`]: scale }, { above: 0 });
  }
}
