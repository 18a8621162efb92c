import { type RandomStream, usageError } from '@ganloom/core';

/**
 * Which examples make up the batch at a position, counted from the beginning of training.
 *
 * Each epoch is a random order of the data from `random.fork('epoch-<e>')`, cut into whole batches;
 * the rest of an epoch is dropped. The answer depends on the seed and the position alone, so a run
 * continues anywhere without replaying what came before.
 *
 * @throws UsageError if a batch is larger than the data.
 */
export function batchOrder(
  size: number,
  batchSize: number,
  random: RandomStream,
): (position: number) => Int32Array {
  if (batchSize > size) {
    const expected = `the batch size must be at most the ${size} examples of the data`;
    throw usageError('train', expected, batchSize, 'use a smaller batch or more data');
  }
  const batchesPerEpoch = Math.floor(size / batchSize);
  let epoch = -1;
  let order = new Int32Array();
  return (position) => {
    const wanted = Math.floor(position / batchesPerEpoch);
    if (wanted !== epoch) {
      order = new Int32Array(random.fork(`epoch-${wanted}`).permutation(size));
      epoch = wanted;
    }
    const first = (position % batchesPerEpoch) * batchSize;
    return order.subarray(first, first + batchSize);
  };
}
