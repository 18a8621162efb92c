import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it, vi } from 'vitest';
import { updateCount } from './update-count';

beforeAll(async () => void (await tf.setBackend('cpu')));

it('counts without reading from the device', () => {
  const count = updateCount();
  const read = vi.spyOn(count.variable, 'dataSync');
  expect(count.value()).toBe(0);
  for (let i = 0; i < 3; i++) count.increment();
  expect(count.value()).toBe(3);
  expect(read).not.toHaveBeenCalled();
  expect([...count.variable.dataSync()]).toEqual([3]);
  expect([count.variable.dtype, count.variable.trainable]).toEqual(['int32', false]);
  count.variable.dispose();
});

it('goes on from what is assigned, and reads it once', () => {
  const count = updateCount();
  count.increment();
  const read = vi.spyOn(count.variable, 'dataSync');
  tf.tidy(() => count.variable.assign(tf.scalar(41, 'int32')));
  expect([count.value(), count.value()]).toEqual([41, 41]);
  count.increment();
  expect(count.value()).toBe(42);
  expect(read).toHaveBeenCalledTimes(1);
  count.variable.dispose();
});

it('returns to a value that is put back', () => {
  const count = updateCount();
  count.increment();
  const before = count.variable.clone();
  count.increment();
  count.variable.assign(before);
  expect(count.value()).toBe(1);
  count.increment();
  expect(count.value()).toBe(2);
  expect([...before.dataSync()]).toEqual([1]);
  tf.dispose([before, count.variable]);
});

it('leaves no tensor behind', () => {
  expectNoLeak(() => {
    const count = updateCount();
    count.increment();
    count.value();
    count.variable.dispose();
  });
  const count = updateCount();
  expectNoLeak(() => count.increment());
  count.variable.dispose();
});
