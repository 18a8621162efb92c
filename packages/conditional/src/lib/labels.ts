import { requireCounts, UsageError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import type { JudgedPictures } from './conditioning';

/**
 * Class indices as a conditional generator takes them, int32 `[n, 1]`, for the caller to dispose.
 *
 * @throws UsageError if one is no integer from 0 to `classes` − 1: TensorFlow.js does not notice.
 */
export function labelColumn(labels: ArrayLike<number>, classes: number): tf.Tensor2D {
  requireCounts('labelColumn', { classes });
  const wrong = Array.prototype.find.call(
    labels,
    (label: number) => !Number.isInteger(label) || label < 0 || label >= classes,
  ) as number | undefined;
  if (wrong !== undefined) {
    throw new UsageError(
      `labelColumn: a label must be an integer from 0 to ${classes - 1}, got ${wrong}`,
    );
  }
  return tf.tensor2d(Int32Array.from(labels), [labels.length, 1], 'int32');
}

/**
 * `count` labels that share the classes out in order, as evenly as can be: class ⌊i·classes/count⌋,
 * so that a square grid of classes² pictures has a row per class.
 */
export function labelRows(count: number, classes: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => Math.floor((i * classes) / count));
}

/** How many pictures are judged together, by their labels `[batch]` or `[packs, degree]`. */
export function degreeOf(labels: JudgedPictures['labels']): number {
  return labels.shape[1] ?? 1;
}

/** Labels as networks take them, `[packs, degree]`. */
export function rowsOf(labels: JudgedPictures['labels']): tf.Tensor {
  return tf.reshape(labels, [-1, degreeOf(labels)]);
}

/** The labels of each picture that is judged together with others, `[packs, 1]`. */
export function columnsOf(labels: JudgedPictures['labels']): tf.Tensor[] {
  return tf.split(rowsOf(labels), degreeOf(labels), 1);
}
