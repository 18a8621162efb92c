import { type Batch, type Critique, type Game, memberOf } from '@ganloom/core';
import { forward } from '@ganloom/gradients';
import type * as tf from '@tensorflow/tfjs';
import { sideBySide } from './side-by-side';

/** The networks of SRGAN. */
export interface SuperResolutionNetworks {
  /** Low-resolution pictures to high-resolution ones. */
  readonly generator: tf.LayersModel;
  /** High-resolution pictures to logits. */
  readonly discriminator: tf.LayersModel;
}

const member = (batch: Batch, name: 'images' | 'low') =>
  memberOf<tf.Tensor4D>('superResolutionGame', batch, name);

/**
 * The game of SRGAN (Ledig et al. 2017, arXiv 1609.04802): G enlarges what is left of a picture, D
 * sees pictures and enlargements. There is no latent. Batches hold `images` and, smaller, `low`.
 *
 * Shown are side by side: the input with its pixels repeated, the enlargement, the original.
 */
export function superResolutionGame({
  generator,
  discriminator,
}: SuperResolutionNetworks): Game<tf.Tensor> {
  return {
    name: 'super-resolution',
    generator: { models: { generator } },
    discriminator: { models: { discriminator } },
    real: (batch) => member(batch, 'images'),
    fake: (batch, random) =>
      forward(generator, member(batch, 'low'), { training: true, random: random.fork('layers') }),
    critique: (images, _, random): Critique => ({
      logits: forward(discriminator, images, { training: true, random: random.fork('layers') }),
    }),
    show(batch, random, models) {
      const [images, low] = [member(batch, 'images'), member(batch, 'low')];
      const enlarged = forward<tf.Tensor4D>(models['generator']!, low, {
        training: false,
        random: random.fork('layers'),
      });
      return { pictures: sideBySide([low, enlarged, images]) };
    },
  };
}
