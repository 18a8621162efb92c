import { requireNumbers } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { type Augmentation, shapeOfImages } from './augmentation';

/** Settings of {@link cutout}. */
export interface CutoutOptions {
  /** Height and width of what is cut out, as a share of the picture's; default 1/2, the paper's. */
  readonly ratio?: number;
}

/**
 * Makes a rectangle of each picture zero. Its middle is anywhere in the picture, so parts of it may
 * lie outside.
 *
 * DeVries and Taylor 2017, arXiv 1708.04552; for GANs Zhao et al. 2020 (DiffAugment),
 * arXiv 2006.10738.
 *
 * @throws UsageError if `ratio` is not in [0, 1].
 */
export function cutout({ ratio = 1 / 2 }: CutoutOptions = {}): Augmentation {
  requireNumbers('cutout', { ratio }, { min: 0, max: 1 });
  return (images, random) => {
    const [batch, height, width] = shapeOfImages('cutout', images);
    const spans = (size: number) => {
      const length = Math.round(size * ratio);
      // A middle between pixels has one more place than one on a pixel.
      const middles = random.integers(batch, size + 1 - (length % 2));
      return Array.from(middles, (middle) => {
        const begin = middle - Math.floor(length / 2);
        return [Math.max(begin, 0), Math.min(begin + length, size)] as const;
      });
    };
    const [rows, columns] = [spans(height), spans(width)];
    const kept = new Float32Array(batch * height * width).fill(1);
    for (let b = 0; b < batch; b++) {
      const [left, right] = columns[b]!;
      for (let i = rows[b]![0]; i < rows[b]![1]; i++) {
        const row = (b * height + i) * width;
        kept.fill(0, row + left, row + right);
      }
    }
    return tf.tidy(() => tf.mul(images, tf.tensor4d(kept, [batch, height, width, 1])));
  };
}
