import { ganloomError, requireNumbers } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { type Augmentation, shapeOfImages } from './augmentation';

/** How strong a change of color may be. */
export interface ColorOptions {
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
export function brightness({ strength = 0.5 }: ColorOptions = {}): Augmentation {
  requireNumbers('brightness', { strength }, { min: 0 });
  return (images, random) => {
    const [batch] = shapeOfImages('brightness', images);
    return tf.tidy(() => tf.add(images, random.uniform([batch, 1, 1, 1], -strength, strength)));
  };
}

/**
 * Makes the colors of each picture stronger or paler: m + (x − m)·U(1 − s, 1 + s), m the mean over
 * the channels, s = 1. Pictures of one channel stay as they are.
 *
 * Zhao et al. 2020 (DiffAugment), arXiv 2006.10738.
 *
 * @throws UsageError if `strength` is not in [0, 1].
 */
export function saturation({ strength = 1 }: ColorOptions = {}): Augmentation {
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
export function contrast({ strength = 0.5 }: ColorOptions = {}): Augmentation {
  return stretched('contrast', strength, [1, 2, 3]);
}

/**
 * Turns light into dark and keeps what is color: x − 2m, m the mean over the channels. For a share of
 * the pictures, as a rule the half, give it to `withProbability`.
 *
 * Karras et al. 2020 (ADA), arXiv 2006.06676, appendix B: the reflection (I − 2vvᵀ)x at the plane of
 * no luma, v = (1, 1, 1)/√3.
 */
export function lumaFlip(): Augmentation {
  return (images) => {
    shapeOfImages('lumaFlip', images);
    return tf.tidy(() => tf.sub(images, tf.mul(tf.mean(images, 3, true), 2)));
  };
}

/** Settings of {@link hueRotation}. */
export interface HueRotationOptions {
  /** The largest angle, radians; default π, the paper's: any hue becomes any other. */
  readonly angle?: number;
}

/**
 * Turns the colors of each picture about the axis of grey, v = (1, 1, 1)/√3, by θ = U(−angle, angle):
 *
 * y = x cos θ + (v × x) sin θ + v(v·x)(1 − cos θ)
 *
 * Karras et al. 2020 (ADA), arXiv 2006.06676, appendix B. Pictures of one channel stay as they are.
 *
 * @throws UsageError if `angle` is not in [0, π]; GanloomError at pictures of other than 1 or 3 channels.
 */
export function hueRotation({ angle = Math.PI }: HueRotationOptions = {}): Augmentation {
  requireNumbers('hueRotation', { angle }, { min: 0, max: Math.PI });
  return (images, random) => {
    const [batch, height, width, channels] = shapeOfImages('hueRotation', images);
    if (channels === 1) return tf.clone(images);
    if (channels !== 3) {
      throw ganloomError('hueRotation', 'images must have 1 or 3 channels', images.shape);
    }
    return tf.tidy(() => {
      const turn = random.uniform([batch, 1, 1], -angle, angle);
      const [cosine, sine] = [tf.cos(turn), tf.sin(turn)];
      // Of rows of pixels: x·M.
      const matrices = tf.add(
        tf.add(tf.mul(cosine, tf.eye(3)), tf.mul(sine, ACROSS_GREY)),
        tf.div(tf.sub(1, cosine), 3),
      );
      const pixels = tf.reshape(images, [batch, height * width, 3]);
      return tf.reshape(tf.matMul(pixels, matrices), images.shape);
    });
  };
}

const THIRD = 1 / Math.sqrt(3);
/** x·A = v × x. */
const ACROSS_GREY = [
  [0, THIRD, -THIRD],
  [-THIRD, 0, THIRD],
  [THIRD, -THIRD, 0],
];

/** m + (x − m)·U(1 − s, 1 + s) with m the mean over some dimensions. */
function stretched(where: string, strength: number, axes: number[]): Augmentation {
  requireNumbers(where, { strength }, { min: 0, max: 1 });
  return (images, random) => {
    const [batch] = shapeOfImages(where, images);
    return tf.tidy(() => {
      const mean = tf.mean(images, axes, true);
      const factor = random.uniform([batch, 1, 1, 1], 1 - strength, 1 + strength);
      return tf.add(mean, tf.mul(tf.sub(images, mean), factor));
    });
  };
}
