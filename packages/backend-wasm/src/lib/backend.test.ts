import '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BACKEND_NAME } from './kernels/kernel';
import { wasmInfo } from './register';
import { restartWasm } from '../../test/restart-wasm';

beforeAll(async () => void (await restartWasm({ threads: 2 })));
afterAll(() => tf.removeBackend(BACKEND_NAME));

it('hands out values of their own: writing to them changes nothing', () => {
  const x = tf.tensor1d([1, 2, 3]);
  (x.dataSync() as Float32Array).fill(9);
  expect(x).toBeAllclose([1, 2, 3]);
  const given = Float32Array.of(4, 5);
  const y = tf.tensor1d(given);
  given.fill(0);
  expect(y).toBeAllclose([4, 5]);
  tf.dispose([x, y]);
});

it('keeps what a stock kernel returned as a view of its input', () => {
  // The stock Slice of bytes returns a part of its input's own memory.
  const mask = tf.tensor1d([1, 0, 1, 1, 0, 1], 'bool');
  const part = mask.slice(2, 3);
  mask.dispose();
  const others = Array.from({ length: 50 }, () => tf.zeros([6], 'bool'));
  expect([...part.dataSync()]).toEqual([1, 1, 0]);
  tf.dispose([part, others]);
});

it('moves tensors to and from other backends', async () => {
  const x = tf.tensor2d([
    [1, 2],
    [3, 4],
  ]);
  await tf.setBackend('cpu');
  const y = tf.matMul(x, x);
  await tf.setBackend(BACKEND_NAME);
  const z = tf.matMul(y, x as tf.Tensor2D);
  expect(z).toBeAllclose([37, 54, 81, 118]);
  tf.dispose([x, y, z]);
});

it('holds strings, complex numbers and empty tensors', () => {
  const text = tf.tensor1d(['ä', 'b']);
  expect(text.dataSync()).toEqual(['ä', 'b']);
  const complex = tf.complex(tf.tensor1d([1, 2]), tf.tensor1d([3, 4]));
  expect([...complex.dataSync()]).toEqual([1, 3, 2, 4]);
  const empty = tf.zeros([0, 3]);
  expect(empty.add(1).dataSync().length).toBe(0);
  tf.dispose([text, complex, empty]);
});

it('gives freed memory back', () => {
  const used = wasmInfo()!.usedBytes;
  for (let i = 0; i < 20; i++) {
    const x = tf.ones([100, 1000]);
    const y = tf.tidy(() => tf.sum(tf.square(tf.matMul(x, x, false, true))));
    tf.dispose([x, y]);
  }
  expect(wasmInfo()!.usedBytes).toBe(used);
});

it('says which tensor does not fit, and goes on', () => {
  const column = tf.ones([40_000, 1]);
  const row = tf.ones([1, 40_000]);
  const used = wasmInfo()!.usedBytes;
  expect(() => tf.mul(column, row)).toThrow(
    /out of memory: \d+ MiB more are needed .*; dispose tensors .* \(for a float32 tensor of shape \[40000,40000\]\)/,
  );
  expect(wasmInfo()!.usedBytes).toBe(used);
  expect(tf.sum(tf.mul(row, 2))).toBeAllclose([80_000]);
});
