import type { AdversarialLoss, ImageShape, RandomStream, Variant } from '@ganloom/core';
import { latentGame } from '@ganloom/games';
import { dcgan, discriminatorOf, generatorOf } from '@ganloom/models';
import { adam } from '@ganloom/optimizers';
import * as tf from '@tensorflow/tfjs';

/**
 * The loss of my GAN. (Put the paper's here, and its authors, year and arXiv number.)
 *
 * L_D = E softplus(−D(x)) + E softplus(D(G(z))),  L_G = E softplus(−D(G(z)))
 */
export function myLoss(): AdversarialLoss {
  return {
    name: 'my-gan',
    discriminator: (real, fake) =>
      tf.tidy(() => {
        const onReal = tf.mean(tf.softplus(tf.neg(real.logits)));
        return tf.add<tf.Scalar>(onReal, tf.mean(tf.softplus(fake.logits)));
      }),
    generator: (fake) => tf.tidy(() => tf.mean(tf.softplus(tf.neg(fake.logits))) as tf.Scalar),
  };
}

/** Networks, how they meet, for what, and how they learn. */
export function myGan(image: ImageShape, random: RandomStream): Variant<tf.Tensor> {
  const architecture = dcgan({ image, latentSize: 64, filters: 32 });
  return {
    name: 'my-gan',
    game: latentGame({
      generator: generatorOf(architecture, { random: random.fork('generator') }),
      discriminator: discriminatorOf(architecture, { random: random.fork('discriminator') }),
    }),
    loss: myLoss(),
    optimizers: {
      generator: adam({ learningRate: 1e-3 }),
      discriminator: adam({ learningRate: 5e-4 }),
    },
  };
}
