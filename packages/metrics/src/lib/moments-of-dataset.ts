import type { Batch, Dataset } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { type GaussianMoments, gaussianMoments } from './gaussian-moments';

/** Settings of {@link momentsOfDataset}. */
export interface MomentsOfDatasetOptions {
  /** Examples to look at, evenly spread over the set, as sets may be sorted; default: all. */
  readonly count?: number;
  /** Examples at a time; default 256. */
  readonly batch?: number;
}

/**
 * Mean and covariance of what `see` makes of a data set's batches, `[n, features]`. Leaves no tensor
 * over.
 */
export async function momentsOfDataset(
  data: Dataset,
  see: (batch: Batch) => tf.Tensor2D,
  { count = data.size, batch: atOnce = 256 }: MomentsOfDatasetOptions = {},
): Promise<GaussianMoments> {
  const parts: tf.Tensor[] = [];
  try {
    for (let from = 0; from < count; from += atOnce) {
      const length = Math.min(atOnce, count - from);
      const indices = Array.from({ length }, (_, i) =>
        Math.floor(((from + i) * data.size) / count),
      );
      const batch = await data.batch(indices);
      try {
        parts.push(tf.tidy(() => see(batch)));
      } finally {
        tf.dispose(batch as tf.TensorContainerObject);
      }
    }
    const all = tf.concat(parts, 0) as tf.Tensor2D;
    parts.push(all);
    return await gaussianMoments(all);
  } finally {
    tf.dispose(parts);
  }
}
