import type { AdversarialLoss } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/**
 * The hinge loss: D cares only for examples inside the margin, G follows D's mean.
 *
 * L_D = E relu(1 − D(x)) + E relu(1 + D(G(z)))
 * L_G = −E D(G(z))
 *
 * Lim and Ye 2017 (arXiv 1705.02894); Miyato et al. 2018, with spectral normalization (arXiv
 * 1802.05957). L_G has no lower bound: D needs a Lipschitz constraint.
 *
 * Critiques hold logits of any shape; all their elements are averaged.
 */
export function hinge(): AdversarialLoss {
  return {
    name: 'hinge',
    discriminator: (real, fake) =>
      tf.tidy(() => {
        const onReal = tf.mean(tf.relu(tf.sub(1, real.logits)));
        const onFake = tf.mean(tf.relu(tf.add(1, fake.logits)));
        return tf.add<tf.Scalar>(onReal, onFake);
      }),
    generator: (fake) => tf.tidy(() => tf.neg(tf.mean(fake.logits)) as tf.Scalar),
  };
}
