import {
  type AdversarialLoss,
  requireNumbers,
  type Schedule,
  updateCount,
  valueAt,
} from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { energyOf } from './energy';

/** Settings of {@link ebgan}. */
export interface EbganOptions {
  /**
   * m: the energy above which D leaves fakes alone, in the units of the energy, so the one setting to
   * tune. A schedule, which may fall to 0, is asked with the discriminator's updates made before.
   * Default 10.
   */
  readonly margin?: number | Schedule;
}

/**
 * The energy-based GAN: D gives real examples low energy and fakes up to a margin.
 *
 * L_D = E E(x) + E relu(m − E(G(z)))
 * L_G = E E(G(z))
 *
 * Zhao, Mathieu and LeCun 2016 (arXiv 1609.03126). The energy E is the critique's output `energy`, or
 * −logits without one; the paper takes the mean squared reconstruction error of an autoencoder, and
 * adds the term `pullingAway` to the generator. In its section 4.2 the margin decays to 0 along training.
 *
 * Energies have any shape, usually `[batch, 1]`; the margin holds for each element, and all are
 * averaged. With a schedule, `state.updates` counts the calls of `discriminator`; the caller disposes it.
 *
 * @throws UsageError if the margin is not positive.
 */
export function ebgan({ margin = 10 }: EbganOptions = {}): AdversarialLoss {
  requireNumbers('ebgan', { margin }, { above: 0 });
  const count = typeof margin === 'number' ? undefined : updateCount();
  return {
    name: 'ebgan',
    ...(count && { state: { updates: count.variable } }),
    discriminator: (real, fake) =>
      tf.tidy(() => {
        const now = valueAt(margin, count?.value() ?? 0, { min: 0 });
        count?.increment();
        const onFake = tf.mean(tf.relu(tf.sub(now, energyOf(fake))));
        return tf.add<tf.Scalar>(tf.mean(energyOf(real)), onFake);
      }),
    generator: (fake) => tf.tidy(() => tf.mean(energyOf(fake)) as tf.Scalar),
  };
}
