import { ganloomError, sumOf } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { swapped } from './along-axes';
import { type Augmentation, shapeOfImages } from './augmentation';

/**
 * Turns each picture, which must be square, anticlockwise by 0, 90, 180 or 270 degrees, each as likely
 * as the others.
 *
 * Karras et al. 2020 (ADA), arXiv 2006.06676, appendix B. Only for data without an upside.
 *
 * @throws GanloomError at pictures that are not square.
 */
export function quarterTurns(): Augmentation {
  return (images, random) => {
    const [batch, height, width] = shapeOfImages('quarterTurns', images);
    if (height !== width) {
      throw ganloomError(
        'quarterTurns',
        'images must be square',
        images.shape,
        'mirror them by `horizontalFlip` instead',
      );
    }
    const turns = random.integers(batch, 4);
    return tf.tidy(() => {
      const turned = [
        images,
        tf.reverse(swapped(images), 1),
        tf.reverse(images, [1, 2]),
        tf.reverse(swapped(images), 2),
      ];
      const chosen = turned.map((x, k) => {
        const ones = Float32Array.from(turns, (turn) => (turn === k ? 1 : 0));
        return tf.mul(x, tf.tensor4d(ones, [batch, 1, 1, 1]));
      });
      return sumOf(chosen);
    });
  };
}
