import type { AdversarialLoss, ImageShape, RandomStream, Term, Variant } from '@ganloom/core';
import { latentGame } from '@ganloom/games';
import { dcgan, discriminatorOf, generatorOf } from '@ganloom/models';
import { adam } from '@ganloom/optimizers';
import * as tf from '@tensorflow/tfjs';

/** A loss: G wants to stand on the boundary between real and fake, where the logit is zero. */
export function boundarySeeking(): AdversarialLoss {
  return {
    name: 'boundary-seeking',
    discriminator: (real, fake) =>
      tf.tidy(() => {
        const onReal = tf.mean(tf.softplus(tf.neg(real.logits)));
        const onFake = tf.mean(tf.softplus(fake.logits));
        return tf.add<tf.Scalar>(onReal, onFake);
      }),
    generator: (fake) => tf.tidy(() => tf.mul<tf.Scalar>(0.5, tf.mean(tf.square(fake.logits)))),
  };
}

/** A term: D pays for loud answers to real pictures. */
export function drift(weight: number): Term {
  return {
    name: 'drift',
    player: 'discriminator',
    weight,
    value: ({ realCritique }) =>
      tf.tidy(() => tf.mean(tf.square(realCritique().logits)) as tf.Scalar),
  };
}

/** A layer: each pixel's channels to a length of √channels. */
export class PixelNorm extends tf.layers.Layer {
  static readonly className = 'PixelNorm';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0]! : inputs;
      const meanSquare = tf.mean(tf.square(x), -1, true);
      return tf.mul(x, tf.rsqrt(tf.add(meanSquare, 1e-8)));
    });
  }
}
tf.serialization.registerClass(PixelNorm);

/** The variant: networks, how they meet, for what, and how they learn. */
export function quietGan(image: ImageShape, random: RandomStream): Variant<tf.Tensor> {
  const architecture = dcgan({ image, latentSize: 64, filters: 32 });
  return {
    name: 'quiet-gan',
    game: latentGame({
      generator: generatorOf(architecture, {
        normalize: (x, name) => new PixelNorm({ name }).apply(x) as tf.SymbolicTensor,
        random: random.fork('generator'),
      }),
      discriminator: discriminatorOf(architecture, { random: random.fork('discriminator') }),
    }),
    loss: boundarySeeking(),
    terms: [drift(0.001)],
    optimizers: {
      generator: adam({ learningRate: 1e-3 }),
      discriminator: adam({ learningRate: 5e-4 }),
    },
  };
}
