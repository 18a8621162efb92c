import * as tf from '@tensorflow/tfjs';
import { type Augmentation, shapeOfImages } from './augmentation';

/**
 * Mirrors every picture, left to right: y[i, j] = x[i, width − 1 − j]. For a share of them, as a rule
 * the half, give it to `withProbability`.
 */
export function horizontalFlip(): Augmentation {
  return (images) => {
    shapeOfImages('horizontalFlip', images);
    return tf.reverse(images, 2);
  };
}
