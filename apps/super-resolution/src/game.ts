import type { Critique, Game } from '@ganloom/core';
import { forward } from '@ganloom/gradients';
import type { SuperResolutionBatch } from '@ganloom/datasets/node';
import * as tf from '@tensorflow/tfjs';

/** The networks of SRGAN. */
export interface SuperResolutionNetworks {
  /** Low-resolution pictures to high-resolution ones. */
  readonly generator: tf.LayersModel;
  /** High-resolution pictures to logits. */
  readonly discriminator: tf.LayersModel;
}

/**
 * The game of SRGAN (Ledig et al. 2017, arXiv 1609.04802): G enlarges what is left of a picture, D
 * sees pictures and enlargements. There is no latent.
 */
export function superResolutionGame({
  generator,
  discriminator,
}: SuperResolutionNetworks): Game<SuperResolutionBatch, tf.Tensor> {
  return {
    name: 'super-resolution',
    generator: { models: { generator } },
    discriminator: { models: { discriminator } },
    real: (batch) => batch.images,
    fake: (batch) => forward(generator, batch.low, { training: true }),
    critique: (images): Critique => ({
      logits: forward(discriminator, images, { training: true }),
    }),
    // Side by side: the input with its pixels repeated, the enlargement, the original.
    pictures: ({ images, low }, _random, models) => {
      const [, height, width] = images.shape;
      const repeated = tf.image.resizeNearestNeighbor(low, [height, width]);
      const enlarged = models['generator']!.apply(low, { training: false }) as tf.Tensor4D;
      return tf.concat([repeated, enlarged, images], 2);
    },
  };
}
