import type * as tf from '@tensorflow/tfjs';
import type { Batch, Critique, Game, RandomStream } from '@ganloom/core';
import { forward } from '@ganloom/gradients';

/** Networks of an unconditional game. */
export interface LatentGameOptions {
  /** Maps latents `[batch, latentSize]` to pictures `[batch, height, width, channels]` in [−1, 1]. */
  readonly generator: tf.LayersModel;
  /** Maps pictures to logits `[batch, 1]`. */
  readonly discriminator: tf.LayersModel;
}

/**
 * The game of Goodfellow et al. 2014 (arXiv 1406.2661): G maps z ~ N(0, I) to pictures, D sees
 * pictures alone, from the data or from G.
 */
export function latentGame({
  generator,
  discriminator,
}: LatentGameOptions): Game<Batch, tf.Tensor> {
  const latentSize = generator.inputs[0]!.shape[1]!;
  const latents = (count: number, random: RandomStream) => random.normal([count, latentSize]);
  return {
    name: 'latent',
    generator: { models: { generator } },
    discriminator: { models: { discriminator } },
    real: (batch) => batch.images,
    fake: (batch, random) =>
      forward(generator, latents(batch.images.shape[0], random), { training: true }),
    critique: (images): Critique => ({
      logits: forward(discriminator, images, { training: true }),
    }),
    pictures: (batch, random, models) =>
      forward<tf.Tensor4D>(models['generator']!, latents(batch.images.shape[0], random), {
        training: false,
      }),
  };
}
