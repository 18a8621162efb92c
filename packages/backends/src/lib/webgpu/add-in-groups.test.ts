import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addInGroups } from './add-in-groups';

/** How many tensors the stock kernel was given at once. */
const counts: number[] = [];

beforeAll(async () => {
  await tf.setBackend('cpu');
  const stock = tf.getKernel('AddN', 'cpu')!.kernelFunc;
  tf.registerBackend('few', tf.findBackendFactory('cpu')!, 0);
  tf.copyRegisteredKernels('cpu', 'few');
  tf.unregisterKernel('AddN', 'few');
  const limited: tf.KernelFunc = (args) => {
    counts.push((args.inputs as unknown as tf.TensorInfo[]).length);
    return stock(args);
  };
  tf.registerKernel({ kernelName: 'AddN', backendName: 'few', kernelFunc: addInGroups(limited) });
  await tf.setBackend('few');
});

afterAll(() => tf.removeBackend('few'));

it.each([
  [1, [1]],
  [7, [7]],
  [8, [7, 2]],
  [13, [7, 7]],
  [14, [7, 7, 2]],
  [40, [7, 7, 7, 7, 7, 7, 4]],
])('adds %i tensors, and no more than seven at once', (count, expected) => {
  counts.length = 0;
  const terms = Array.from({ length: count }, (_, i) => tf.tensor([i + 1, -1]));
  const ids = tf.engine().backend.numDataIds();
  const sum = tf.addN(terms);
  expect([...sum.dataSync()]).toEqual([(count * (count + 1)) / 2, -count]);
  expect(counts).toEqual(expected);
  sum.dispose();
  // Intermediate sums are no tensors of the engine.
  expect(tf.engine().backend.numDataIds()).toBe(ids);
  expectNoLeak(() => tf.addN(terms));
  tf.dispose(terms);
});
