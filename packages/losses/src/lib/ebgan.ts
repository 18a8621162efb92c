import { type AdversarialLoss, ganloomError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { energyOf } from './energy';

export interface EbganOptions {
  /**
   * m: the energy above which D leaves fakes alone, in the units of the energy, so the one setting to
   * tune. Default 10.
   */
  readonly margin?: number;
}

/**
 * The energy-based GAN: D gives real examples low energy and fakes up to a margin.
 *
 * L_D = E E(x) + E relu(m − E(G(z)))
 * L_G = E E(G(z))
 *
 * Zhao, Mathieu and LeCun 2016 (arXiv 1609.03126). The energy E is the critique's output `energy`, or
 * −logits without one; the paper takes the mean squared reconstruction error of an autoencoder, and
 * adds the term `pullingAway` to the generator.
 *
 * Energies have any shape, usually `[batch, 1]`; the margin holds for each element, and all are
 * averaged.
 *
 * @throws if the margin is not positive.
 */
export function ebgan({ margin = 10 }: EbganOptions = {}): AdversarialLoss {
  if (!(margin > 0 && Number.isFinite(margin))) {
    throw ganloomError('ebgan', 'margin must be a positive number', margin);
  }
  return {
    name: 'ebgan',
    discriminator: (real, fake) =>
      tf.tidy(() => {
        const onFake = tf.mean(tf.relu(tf.sub(margin, energyOf(fake))));
        return tf.add<tf.Scalar>(tf.mean(energyOf(real)), onFake);
      }),
    generator: (fake) => tf.tidy(() => tf.mean(energyOf(fake)) as tf.Scalar),
  };
}
