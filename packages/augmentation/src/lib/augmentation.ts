import {
  type Critique,
  ganloomError,
  type NamedVariables,
  type RandomStream,
  type Statistics,
} from '@ganloom/core';
import type * as tf from '@tensorflow/tfjs';

/**
 * Changes pictures by chance, each in its own way: `[batch, height, width, channels]` to the same
 * shape, in operations that can be differentiated twice. The same stream gives the same changes.
 *
 * Any such function is one; those that adapt to the game have a state besides.
 */
export interface Augmentation {
  (images: tf.Tensor, random: RandomStream): tf.Tensor;
  /** What it remembers from step to step. Whoever made the augmentation disposes it. */
  readonly state?: NamedVariables;
  /** Scalars of `state` that people want to follow, as `Game.statistics`. */
  readonly statistics?: Statistics;
  /** Is told what the discriminator said in each of its updates, to adapt `state` to it. */
  readonly observe?: (real: Critique, fake: Critique) => void;
}

/** Height, width and channels after the batch. */
export type ImagesShape = [batch: number, height: number, width: number, channels: number];

/** @throws GanloomError unless `images` has rank 4. */
export function shapeOfImages(where: string, images: tf.Tensor): ImagesShape {
  if (images.rank !== 4) {
    throw ganloomError(where, 'images must have rank 4', images.shape);
  }
  return images.shape as ImagesShape;
}
