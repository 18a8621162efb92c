import { latentGame } from '@ganloom/games';
import type { RandomStream, Variant } from '@ganloom/core';
import { nonSaturating } from '@ganloom/losses';
import { dcgan, discriminatorOf, generatorOf } from '@ganloom/models';
import { adam } from '@ganloom/optimizers';

export interface DcganRecipe {
  /** Channels of the widest resolution; the next one has twice as many. */
  readonly filters: number;
  readonly channels?: number;
}

/** DCGAN on 28×28 pictures: the networks, loss and optimizers of `peers/dcgan.py`. */
export function dcganRecipe({ filters, channels = 1 }: DcganRecipe, random: RandomStream): Variant {
  const image = { height: 28, width: 28, channels };
  const architecture = dcgan({ image, latentSize: 100, filters });
  const generator = generatorOf(architecture, { random: random.fork('generator') });
  const discriminator = discriminatorOf(architecture, { random: random.fork('discriminator') });
  const optimizer = () => adam({ learningRate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 });
  return {
    name: 'dcgan',
    game: latentGame({ generator, discriminator }),
    loss: nonSaturating(),
    optimizers: { generator: optimizer(), discriminator: optimizer() },
  };
}

/**
 * Floating-point operations of a step of the recipe: the matrix products and convolutions alone.
 *
 * Counted are the gradients that a step needs: none with respect to the real pictures or latents,
 * none for D's weights in G's update.
 */
export function dcganStepFlops(batch: number, filters: number, channels = 1): number {
  const latent = 100;
  // Multiplications per picture. A 4×4 stride-2 kernel meets each pixel of the smaller side 16 times.
  const narrow = 14 * 14 * 16 * channels * filters;
  const wide = 7 * 7 * 16 * filters * 2 * filters;
  const dense = latent * 7 * 7 * 2 * filters;
  const logit = 7 * 7 * 2 * filters;
  const generator = dense + wide + narrow;
  const discriminator = narrow + wide + logit;
  const discriminatorUpdate =
    generator + 2 * (discriminator /* forward */ + discriminator /* dW */ + wide + logit); /* dX */
  const generatorUpdate =
    generator +
    discriminator +
    discriminator /* dX */ +
    generator /* dW */ +
    wide +
    narrow; /* dX */
  return 2 * batch * (discriminatorUpdate + generatorUpdate);
}
