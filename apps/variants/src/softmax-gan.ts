import type { AdversarialLoss, ImageShape, RandomStream, Variant } from '@ganloom/core';
import { latentGame } from '@ganloom/games';
import { dcgan, discriminatorOf, generatorOf } from '@ganloom/models';
import { adam } from '@ganloom/optimizers';
import * as tf from '@tensorflow/tfjs';

/**
 * The loss of Softmax GAN: D shares out one unit of probability among all examples of a batch, to the
 * real ones alone; G wants an equal share for each.
 *
 * L_D = ln Z − E D(x),  L_G = ln Z − ½(E D(x) + E D(G(z))),  Z = Σ exp D over real and fake
 *
 * Lin 2017, arXiv 1704.06191, whose μ is −D.
 */
export function softmaxLoss(): AdversarialLoss {
  const logPartition = (a: tf.Tensor, b: tf.Tensor) =>
    tf.logSumExp(tf.concat([tf.reshape(a, [-1]), tf.reshape(b, [-1])]));
  return {
    name: 'softmax',
    discriminator: (real, fake) =>
      tf.tidy(() => tf.sub(logPartition(real.logits, fake.logits), tf.mean(real.logits))),
    generator: (fake, real) =>
      tf.tidy(() => {
        const { logits } = real();
        const share = tf.mul(0.5, tf.add(tf.mean(logits), tf.mean(fake.logits)));
        return tf.sub<tf.Scalar>(logPartition(logits, fake.logits), share);
      }),
  };
}

export function softmaxGan(image: ImageShape, random: RandomStream): Variant<tf.Tensor> {
  const architecture = dcgan({ image, latentSize: 64, filters: 32 });
  return {
    name: 'softmax-gan',
    game: latentGame({
      generator: generatorOf(architecture, { random: random.fork('generator') }),
      discriminator: discriminatorOf(architecture, { random: random.fork('discriminator') }),
    }),
    loss: softmaxLoss(),
    optimizers: {
      generator: adam({ learningRate: 1e-3 }),
      discriminator: adam({ learningRate: 5e-4 }),
    },
  };
}
