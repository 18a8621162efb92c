import * as tf from '@tensorflow/tfjs';
import { type Augmentation, shapeOfImages } from './augmentation';
import { requireWithin } from './require-within';

export interface ColourOptions {
  /** How far it goes; the default is the paper's. */
  readonly strength?: number;
}

/**
 * Makes each picture brighter or darker: x + U(−s, s), s = 0.5.
 *
 * Zhao et al. 2020 (DiffAugment), arXiv 2006.10738.
 *
 * @throws UsageError if `strength` is negative.
 */
export function brightness({ strength = 0.5 }: ColourOptions = {}): Augmentation {
  requireWithin('brightness', { strength }, 0, Infinity);
  return (images, random) => {
    const [batch] = shapeOfImages('brightness', images);
    return tf.tidy(() => tf.add(images, random.uniform([batch, 1, 1, 1], -strength, strength)));
  };
}

/**
 * Makes the colours of each picture stronger or paler: m + (x − m)·U(1 − s, 1 + s), m the mean over
 * the channels, s = 1. Pictures of one channel stay as they are.
 *
 * Zhao et al. 2020 (DiffAugment), arXiv 2006.10738.
 *
 * @throws UsageError if `strength` is not in [0, 1].
 */
export function saturation({ strength = 1 }: ColourOptions = {}): Augmentation {
  return stretched('saturation', strength, [3]);
}

/**
 * Gives each picture more or less contrast: m + (x − m)·U(1 − s, 1 + s), m the mean of the picture,
 * s = 0.5.
 *
 * Zhao et al. 2020 (DiffAugment), arXiv 2006.10738.
 *
 * @throws UsageError if `strength` is not in [0, 1].
 */
export function contrast({ strength = 0.5 }: ColourOptions = {}): Augmentation {
  return stretched('contrast', strength, [1, 2, 3]);
}

/** m + (x − m)·U(1 − s, 1 + s) with m the mean over some dimensions. */
function stretched(where: string, strength: number, axes: number[]): Augmentation {
  requireWithin(where, { strength }, 0, 1);
  return (images, random) => {
    const [batch] = shapeOfImages(where, images);
    return tf.tidy(() => {
      const mean = tf.mean(images, axes, true);
      const factor = random.uniform([batch, 1, 1, 1], 1 - strength, 1 + strength);
      return tf.add(mean, tf.mul(tf.sub(images, mean), factor));
    });
  };
}
