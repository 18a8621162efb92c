import type { Batch, Sample } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import type { NotFiniteEvent } from './events';
import type { PlannedStage } from './plan';
import { trainingState } from './training-state';

/**
 * The name of the first tensor with a value that is NaN or infinite: of the batches of step `n`, which
 * are fetched once more, as `batch/<name>`, or of what there is now: the weights, and what game, loss and
 * terms remember, as in checkpoints. Undefined if all are finite.
 */
export async function firstNotFinite<S extends Sample>(
  { variant, start, startBatch, batchesPerStep }: PlannedStage<S>,
  n: number,
  batchAt: (position: number) => Batch | Promise<Batch>,
): Promise<string | undefined> {
  for (let k = 0; k < batchesPerStep; k++) {
    const batch = await batchAt(startBatch + (n - 1 - start) * batchesPerStep + k);
    const found = await findIn(batch).finally(() => tf.dispose(batch));
    if (found !== undefined) return `batch/${found}`;
  }
  // No optimizer is used after the last step of all.
  return findIn(trainingState(variant).tensors(Infinity));
}

/** What was found, in words. */
export function whereNotFinite({ tensor, noticed }: NotFiniteEvent): string {
  if (tensor?.startsWith('batch/')) return `first found in ${tensor}`;
  return tensor === undefined
    ? `the data of the step, and all weights after step ${noticed}, are finite`
    : `the data of the step are finite; after step ${noticed} the first tensor that is not is ${tensor}`;
}

async function findIn(
  tensors: Readonly<Record<string, tf.Tensor | undefined>>,
): Promise<string | undefined> {
  for (const [name, tensor] of Object.entries(tensors)) {
    if (!tensor || tensor.dtype === 'string') continue;
    const values = await tensor.data();
    if (!values.every(Number.isFinite)) return name;
  }
  return undefined;
}
