import * as tf from '@tensorflow/tfjs';
import { type Augmentation, shapeOfImages } from './augmentation';
import { requireWithin } from './require-within';

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
  requireWithin('translation', { ratio }, 0, 1);
  return (images, random) => {
    const [batch, height, width, channels] = shapeOfImages('translation', images);
    const shifts = (size: number) => {
      const most = Math.round(size * ratio);
      return random.integers(batch, 2 * most + 1).map((k) => k - most);
    };
    return tf.tidy(() => {
      // Products with matrices of ones and zeros: linear, and so right to any order, where gathering
      // would have a slow gradient.
      const flat = tf.reshape(images, [batch, height, width * channels]);
      const rows = tf.matMul(shiftMatrices(shifts(height), height), flat);
      const columns = tf.reshape(swapped(tf.reshape(rows, images.shape)), [batch, width, -1]);
      const shifted = tf.matMul(shiftMatrices(shifts(width), width), columns);
      return swapped(tf.reshape(shifted, [batch, width, height, channels]));
    });
  };
}

/** Height and width change places. */
function swapped(images: tf.Tensor): tf.Tensor {
  return tf.transpose(images, [0, 2, 1, 3]);
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
