import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { prefetched } from './prefetched';

const later = (asked: number[]) => async (position: number) => {
  asked.push(position);
  await new Promise((resolve) => setImmediate(resolve));
  return { images: tf.fill([1, 1, 1, 1], position) as tf.Tensor4D };
};

it('begins the next batch while one is in use, and none past the last', async () => {
  const asked: number[] = [];
  const batches = prefetched(later(asked), 3);
  await expectNoLeak(async () => {
    for (const [position, begun] of [
      [0, [0, 1]],
      [1, [0, 1, 2]],
      [2, [0, 1, 2]],
    ] as const) {
      const { images } = await batches.at(position);
      expect(images!.dataSync()[0]).toBe(position);
      expect(asked).toEqual(begun);
      images!.dispose();
    }
    await batches.end();
  });
});

it('has begun the work of the next batch before this one is used', async () => {
  let handedOn = 0;
  const batches = prefetched(async (position) => {
    // As long as it takes picture files to get to the threads that decode them.
    for (let i = 0; i < 20; i++) await Promise.resolve();
    handedOn += 1;
    return { images: tf.fill([1, 1, 1, 1], position) as tf.Tensor4D };
  }, 9);
  tf.dispose(await batches.at(0));
  expect(handedOn).toBe(2);
  await batches.end();
});

it('disposes what was begun and is not wanted', async () => {
  const asked: number[] = [];
  const batches = prefetched(later(asked), 9);
  await expectNoLeak(async () => {
    tf.dispose(await batches.at(0));
    const { images } = await batches.at(5);
    expect(images!.dataSync()[0]).toBe(5);
    images!.dispose();
    await batches.end();
  });
  expect(asked).toEqual([0, 1, 5, 6]);
});

it('makes batches that are there at once when they are asked for', async () => {
  const asked: number[] = [];
  const batches = prefetched((position) => {
    asked.push(position);
    return { images: tf.fill([1, 1, 1, 1], position) as tf.Tensor4D };
  }, 9);
  tf.dispose(await batches.at(0));
  expect(asked).toEqual([0]);
});

it('fails where the batch is taken, and not before', async () => {
  const failing = async (position: number) => {
    if (position === 1) throw new Error('unreadable');
    return { images: tf.fill([1, 1, 1, 1], position) as tf.Tensor4D };
  };
  const batches = prefetched(failing, 3);
  tf.dispose(await batches.at(0));
  // An unhandled rejection would come by then.
  await new Promise((resolve) => setTimeout(resolve, 5));
  await expect(batches.at(1)).rejects.toThrow('unreadable');
  tf.dispose(await batches.at(0));
  await batches.end();
});
