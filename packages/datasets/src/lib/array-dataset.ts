import {
  type Dataset,
  ganloomError,
  type ImageShape,
  requireCounts,
  usageError,
} from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { requireIndices } from './require-indices';

/** Where the examples of {@link uint8Dataset} come from. */
export interface Uint8DatasetOptions {
  readonly name: string;
  /** Values 0–255 in the order `[size, height, width, channels]`. Kept, not copied. */
  readonly pixels: Uint8Array;
  /** One class index per example. Copied. */
  readonly labels?: ArrayLike<number>;
  readonly imageShape: ImageShape;
  /** Names that the labels index. */
  readonly classNames?: readonly string[];
}

/** A data set in memory, whose bytes remain readable. */
export interface Uint8Dataset extends Dataset {
  readonly pixels: Uint8Array;
  readonly labels?: Int32Array;
  readonly imageShape: ImageShape;
  batch(indices: ArrayLike<number>): PictureBatch;
}

/** Pictures in [−1, 1], and their classes if there are any. */
export type PictureBatch = {
  readonly images: tf.Tensor4D;
  readonly labels?: tf.Tensor1D;
};

const GREY_LEVELS = Float32Array.from({ length: 256 }, (_, v) => v / 127.5 - 1);

/**
 * A data set of 8-bit pictures held in memory.
 *
 * Batches hold `images` float32 `[batch, height, width, channels]` with v ↦ v/127.5 − 1, so that
 * 0 ↦ −1 and 255 ↦ 1, and `labels` int32 `[batch]` if there are any.
 *
 * @throws UsageError if the number of bytes or labels does not fit, and, by `batch`, for an index outside
 *   the set; GanloomError if a label has no name.
 */
export function uint8Dataset(options: Uint8DatasetOptions): Uint8Dataset {
  const { name, pixels, imageShape, classNames } = options;
  const { height, width, channels } = imageShape;
  const where = `uint8Dataset ${name}`;
  const stride = height * width * channels;
  requireCounts(where, { height, width, channels });
  const size = pixels.length / stride;
  if (!Number.isInteger(size) || size === 0) {
    throw usageError(
      where,
      `pixels must hold a positive multiple of ${height}×${width}×${channels} = ${stride} bytes`,
      pixels.length,
      'check imageShape',
    );
  }
  const labels = options.labels && checkedLabels(where, options.labels, size, classNames);

  return {
    name,
    size,
    imageShape,
    shapes: { images: [height, width, channels], ...(labels && { labels: [] }) },
    pixels,
    ...(labels && { labels }),
    ...(classNames && { classNames }),
    batch(indices) {
      requireIndices(where, indices, size);
      const values = new Float32Array(indices.length * stride);
      const chosen = labels && new Int32Array(indices.length);
      for (let i = 0; i < indices.length; i++) {
        const index = indices[i]!;
        const from = index * stride;
        const to = i * stride;
        for (let p = 0; p < stride; p++) values[to + p] = GREY_LEVELS[pixels[from + p]!]!;
        if (chosen) chosen[i] = labels[index]!;
      }
      const images = tf.tensor4d(values, [indices.length, height, width, channels]);
      return chosen ? { images, labels: tf.tensor1d(chosen, 'int32') } : { images };
    },
  };
}

function checkedLabels(
  where: string,
  labels: ArrayLike<number>,
  size: number,
  classNames: readonly string[] | undefined,
): Int32Array {
  if (labels.length !== size) {
    throw usageError(where, `${size} pictures need as many labels`, labels.length);
  }
  const end = classNames?.length ?? 2 ** 31;
  const wrong = Array.prototype.findIndex.call(
    labels,
    (label: number) => !Number.isInteger(label) || label < 0 || label >= end,
  );
  if (wrong >= 0) {
    const expected = `label ${wrong} must be an integer from 0 to ${end - 1}`;
    throw ganloomError(where, expected, labels[wrong], classNames && 'check classNames');
  }
  return Int32Array.from(labels);
}
