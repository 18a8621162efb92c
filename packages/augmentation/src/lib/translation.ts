import { requireNumbers } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { alongAxes } from './along-axes';
import { type Augmentation, shapeOfImages } from './augmentation';

/** Settings of {@link translation}. */
export interface TranslationOptions {
  /** The longest way, as a share of height and of width; default 1/8, the paper's. */
  readonly ratio?: number;
}

/**
 * Shifts each picture by whole pixels, with zeros where nothing comes from:
 * y[i, j] = x[i − a, j − b], a and b uniform in ± ratio of the size, rounded.
 *
 * Zhao et al. 2020 (DiffAugment), arXiv 2006.10738.
 *
 * @throws UsageError if `ratio` is not in [0, 1].
 */
export function translation({ ratio = 1 / 8 }: TranslationOptions = {}): Augmentation {
  requireNumbers('translation', { ratio }, { min: 0, max: 1 });
  return (images, random) => {
    const [batch, height, width] = shapeOfImages('translation', images);
    const shifts = (size: number) => {
      const most = Math.round(size * ratio);
      return random.integers(batch, 2 * most + 1).map((k) => k - most);
    };
    return tf.tidy(() => {
      const rows = shiftMatrices(shifts(height), height);
      return alongAxes(images, rows, shiftMatrices(shifts(width), width));
    });
  };
}

/** `[batch, size, size]`: 1 at [b, i, i − shifts[b]]. */
function shiftMatrices(shifts: Int32Array, size: number): tf.Tensor3D {
  const values = new Float32Array(shifts.length * size * size);
  shifts.forEach((shift, b) => {
    for (let i = Math.max(0, shift); i < Math.min(size, size + shift); i++) {
      values[(b * size + i) * size + i - shift] = 1;
    }
  });
  return tf.tensor3d(values, [shifts.length, size, size]);
}
