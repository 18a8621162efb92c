import { type Batch, type Dataset, RandomStream } from '@ganloom/core';
import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';

/** Settings of {@link checkDataset}. */
export interface CheckDatasetOptions {
  /** Of the values of `images`; default [−1, 1]. */
  readonly range?: readonly [low: number, high: number];
}

type Values = Readonly<Record<string, readonly number[]>>;

/**
 * What holds for every data set: batches have the tensors that `shapes` declares, an example for each
 * index in the order asked for; the same indices give the same, by the same stream too; pictures are in
 * range, labels are classes; no tensor is left over; an index outside the set is refused.
 */
export async function checkDataset(
  data: Dataset,
  { range = [-1, 1] }: CheckDatasetOptions = {},
): Promise<void> {
  const { name, size, shapes, classNames } = data;
  expect(name).not.toBe('');
  expect(Number.isSafeInteger(size) && size > 0, `size ${size}`).toBe(true);
  const last = size - 1;
  const read = (indices: ArrayLike<number>, seed?: number) => valuesOf(data, indices, seed);

  const batch = await data.batch([last, 0, last]);
  const declared = Object.entries(shapes).map(([member, shape]) => [member, [3, ...shape]]);
  const received = Object.entries(batch).map(([member, tensor]) => [member, tensor.shape]);
  expect(Object.fromEntries(received)).toEqual(Object.fromEntries(declared));
  checkValues(batch, range, classNames);
  tf.dispose({ ...batch });

  const values = await read([last, 0, last]);
  expect(await read([last, 0, last])).toEqual(values);
  expect(await read(Int32Array.of(last, 0, last))).toEqual(values);
  const [ofLast, ofFirst] = [await read([last]), await read([0])];
  for (const member of Object.keys(values)) {
    const rows = [...ofLast[member]!, ...ofFirst[member]!, ...ofLast[member]!];
    expect(values[member], `${member} of each index, in order`).toEqual(rows);
  }
  expect(await read([last, 0, last], 1)).toEqual(await read([last, 0, last], 1));

  await expectNoLeak(async () => ({ ...(await data.batch([0, last])) }));
  for (const index of [size, -1, 0.5]) {
    await expectNoLeak(async () => {
      const batch = async () => tf.dispose({ ...(await data.batch([0, index])) });
      const error: unknown = await batch().catch((thrown: unknown) => thrown);
      expect(error, `batch must refuse the index ${index}`).toBeInstanceOf(Error);
      expect((error as Error).message).toContain(String(index));
    });
  }
}

async function valuesOf(
  data: Dataset,
  indices: ArrayLike<number>,
  seed: number | undefined,
): Promise<Values> {
  const random = seed === undefined ? [] : [RandomStream.fromSeed(seed)];
  const batch = await data.batch(indices, ...random);
  const values = Object.entries(batch).map(([member, tensor]) => [member, [...tensor.dataSync()]]);
  tf.dispose({ ...batch });
  return Object.fromEntries(values) as Values;
}

function checkValues(
  { images, labels, ...others }: Batch,
  [low, high]: readonly [number, number],
  classNames: readonly string[] | undefined,
): void {
  if (images) {
    expect(images.dtype).toBe('float32');
    const outside = images.dataSync().find((value) => !(value >= low && value <= high));
    expect(outside, `a value of images outside [${low}, ${high}]`).toBeUndefined();
  }
  if (labels) {
    expect(labels.dtype).toBe('int32');
    const end = classNames?.length ?? 2 ** 31;
    const wrong = labels.dataSync().find((label) => !(label >= 0 && label < end));
    expect(wrong, `a label that is no integer from 0 to ${end - 1}`).toBeUndefined();
  }
  for (const [member, tensor] of Object.entries(others)) {
    const bad = Array.from(tensor.dataSync()).find((value) => !Number.isFinite(value));
    expect(bad, `a value of ${member} that is not finite`).toBeUndefined();
  }
}
