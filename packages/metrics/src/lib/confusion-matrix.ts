import type { Batch } from '@ganloom/core';
import { memberOf } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { classify } from './classifier';

/** Pictures in memory with the classes that they were asked to show. */
export interface AskedPictures {
  readonly size: number;
  readonly labels?: Int32Array;
  batch(indices: ArrayLike<number>): Batch;
}

/** How many pictures of each class (rows) a classifier takes for which class (columns). */
export async function confusionMatrix(
  classifier: tf.LayersModel,
  { labels, size, batch }: AskedPictures,
  classes: number,
): Promise<number[][]> {
  const matrix = Array.from({ length: classes }, () => Array<number>(classes).fill(0));
  const step = 256;
  for (let from = 0; from < size; from += step) {
    const length = Math.min(step, size - from);
    const shown = batch(Array.from({ length }, (_, i) => from + i));
    const named = classify(classifier, memberOf<tf.Tensor4D>('confusionMatrix', shown, 'images'));
    (await named.data()).forEach((seen, i) => {
      matrix[labels![from + i]!]![seen]!++;
    });
    tf.dispose([shown as tf.TensorContainerObject, named]);
  }
  return matrix;
}
