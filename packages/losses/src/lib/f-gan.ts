import type { AdversarialLoss } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import type { FDivergence } from './f-divergences';

/** Settings of {@link fGan}. */
export interface FGanOptions {
  /** What G minimizes: `klDivergence`, `jeffreyDivergence`, `alphaDivergence(2)`, … or one of your own. */
  readonly divergence: FDivergence;
  /**
   * Whether G raises E g_f(v) instead of E f*(g_f(v)), which keeps its gradient where D recognizes the
   * fakes (the paper's section 3.2). Default false.
   */
  readonly nonSaturating?: boolean;
}

/**
 * f-GAN: D estimates an f-divergence of the data from the fakes by its variational bound, and G
 * minimizes the estimate.
 *
 * L_D = −E g_f(D(x)) + E f*(g_f(D(G(z))))
 * L_G = −E f*(g_f(D(G(z)))), or with `nonSaturating` −E g_f(D(G(z)))
 *
 * Nowozin, Cseke and Tomioka 2016 (arXiv 1606.00709). At its best, −L_D is
 * the divergence. Exponentials go on as their tangents from e²⁰, so that everything stays finite.
 *
 * Critiques hold logits of any shape; all their elements are averaged.
 */
export function fGan({ divergence, nonSaturating = false }: FGanOptions): AdversarialLoss {
  const { name, activation, conjugate } = divergence;
  const toRaise = nonSaturating ? activation : conjugate;
  return {
    name: `f-gan-${name}`,
    discriminator: (real, fake) =>
      tf.tidy(() =>
        tf.sub<tf.Scalar>(tf.mean(conjugate(fake.logits)), tf.mean(activation(real.logits))),
      ),
    generator: (fake) => tf.tidy(() => tf.neg(tf.mean(toRaise(fake.logits))) as tf.Scalar),
  };
}
