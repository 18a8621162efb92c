import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { profileKernels } from './kernel-profile';
import { BACKEND_NAME } from './kernels/kernel';
import { javascriptKernelNames, wasmKernelNames } from './register';
import { restartWasm } from '../../test/restart-wasm';

beforeAll(async () => void (await restartWasm({ threads: 1 })));
afterAll(() => tf.removeBackend(BACKEND_NAME));

it('counts the calls of each kernel and says where they ran', () => {
  const stop = profileKernels();
  tf.tidy(() => {
    const x = tf.ones([2, 3]);
    tf.add(tf.add(x, x), x);
    tf.add(tf.ones([2], 'int32'), tf.ones([2], 'int32'));
    tf.topk(x, 1);
  });
  const times = stop();
  tf.tidy(() => tf.neg(tf.ones([1])));
  const calls = Object.fromEntries(times.map((t) => [`${t.name} ${t.runsIn}`, t.calls]));
  expect(calls).toMatchObject({ 'Add wasm': 2, 'Add javascript': 1, 'TopK javascript': 1 });
  expect(calls).not.toHaveProperty('Neg wasm');
  for (const { milliseconds } of times) expect(milliseconds).toBeGreaterThanOrEqual(0);
  expect(times.map((t) => t.milliseconds)).toEqual(
    times.map((t) => t.milliseconds).sort((a, b) => b - a),
  );
});

it('every kernel is in one of the two lists', () => {
  const [wasm, javascript] = [wasmKernelNames(), javascriptKernelNames()];
  expect(wasm).toContain('Conv2D');
  expect(javascript).toContain('TopK');
  const all = tf.getKernelsForBackend(BACKEND_NAME).map(({ kernelName }) => kernelName);
  expect([...wasm, ...javascript].sort()).toEqual(all.sort());
});
