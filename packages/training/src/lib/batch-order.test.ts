import { RandomStream } from '@ganloom/core';
import { expect, it } from 'vitest';
import { batchOrder } from './batch-order';

const random = () => RandomStream.fromSeed(3).fork('data');

it('shows each example at most once per epoch, in whole batches, in a new order each epoch', () => {
  const at = batchOrder(10, 3, random());
  const epochs = [0, 1].map((e) => [0, 1, 2].flatMap((b) => [...at(3 * e + b)]));
  for (const epoch of epochs) expect(new Set(epoch).size).toBe(9);
  expect(epochs[0]).not.toEqual(epochs[1]);
});

it('knows the batch at a position without those before it', () => {
  const inOrder = batchOrder(10, 3, random());
  const batches = Array.from({ length: 9 }, (_, p) => [...inOrder(p)]);
  const jump = batchOrder(10, 3, random());
  expect([...jump(7)]).toEqual(batches[7]);
  expect([...jump(2)]).toEqual(batches[2]);
});

it('refuses a batch larger than the data', () => {
  expect(() => batchOrder(10, 11, random())).toThrow(
    'train: the batch size must be at most the 10 examples of the data, got 11; use a smaller batch or more data',
  );
});
