import type { AdversarialLoss, ImageShape, RandomStream, Variant } from '@ganloom/core';
import { latentGame } from '@ganloom/games';
import { dcgan, discriminatorOf, generatorOf } from '@ganloom/models';
import { adam } from '@ganloom/optimizers';
import * as tf from '@tensorflow/tfjs';

/**
 * The loss of Fisher GAN: the distance of two means, measured in standard deviations. An augmented
 * Lagrangian holds the second moment Ω at 1; its multiplier λ is remembered.
 *
 * L_D = −(E f(x) − E f(G(z)) + λ(1 − Ω) − ρ/2·(Ω − 1)²),  Ω = ½(E f(x)² + E f(G(z))²)
 * λ ← λ + ρ(Ω − 1),  L_G = −E f(G(z))
 *
 * Mroueh and Sercu 2017, arXiv 1705.09675. The caller disposes `state.multiplier`.
 */
export function fisherLoss(rho = 1e-6): AdversarialLoss & { state: { multiplier: tf.Variable } } {
  const multiplier = tf.tidy(() => tf.variable<tf.Rank.R0>(tf.scalar(0), false));
  return {
    name: 'fisher',
    state: { multiplier },
    statistics: { multiplier },
    discriminator: (real, fake) =>
      tf.tidy(() => {
        const moment = (logits: tf.Tensor) => tf.mean(tf.square(logits));
        const omega = tf.mul(0.5, tf.add(moment(real.logits), moment(fake.logits)));
        const excess = tf.sub(omega, 1);
        const distance = tf.sub(tf.mean(real.logits), tf.mean(fake.logits));
        const held = tf.add(tf.mul(multiplier, excess), tf.mul(rho / 2, tf.square(excess)));
        const loss = tf.sub<tf.Scalar>(held, distance);
        multiplier.assign(tf.add(multiplier, tf.mul(rho, excess)));
        return loss;
      }),
    generator: (fake) => tf.tidy(() => tf.neg(tf.mean(fake.logits)) as tf.Scalar),
  };
}

/** The paper's learning rates, and two updates of the critic for one of the generator. */
export function fisherGan(image: ImageShape, random: RandomStream): Variant<tf.Tensor> {
  const architecture = dcgan({ image, latentSize: 64, filters: 32 });
  return {
    name: 'fisher-gan',
    game: latentGame({
      generator: generatorOf(architecture, { random: random.fork('generator') }),
      discriminator: discriminatorOf(architecture, { random: random.fork('discriminator') }),
    }),
    loss: fisherLoss(),
    discriminatorSteps: 2,
    optimizers: {
      generator: adam({ learningRate: 2e-4 }),
      discriminator: adam({ learningRate: 2e-4 }),
    },
  };
}
