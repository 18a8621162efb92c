import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe } from 'vitest';
import { BACKEND_NAME } from '../src/lib/kernels/kernel';
import { restartWasm } from './restart-wasm';

/** Runs tests with both numbers of threads and both modules. */
export function onEverySetting(tests: () => void): void {
  describe.each([
    { threads: 2, relaxedSimd: true },
    { threads: 1, relaxedSimd: false },
  ])('with $threads thread(s), relaxed SIMD $relaxedSimd', (options) => {
    beforeAll(async () => void (await restartWasm(options)));
    afterAll(() => tf.removeBackend(BACKEND_NAME));
    tests();
  });
}
