import * as tf from '@tensorflow/tfjs';
import { finiteDifference } from '@ganloom/testing';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { BACKEND_NAME } from '../kernels/kernel';
import { restartWasm } from '../restart-wasm';
import type { Plain } from './seeded-cases';

export { Cases, type Plain } from './seeded-cases';

// What the conformance tests share: seeded random cases, run on this backend and on a reference.

export type Op = (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];

/** The results of op on a backend; every other tensor it makes must be gone. */
export function run(backend: string, inputs: readonly Plain[], op: Op) {
  // Both have started: this takes effect at once.
  void tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const results = tf.tidy(() => {
    const out = op(
      ...inputs.map(({ values, shape, dtype }) => tf.tensor(values, shape, dtype ?? 'float32')),
    );
    return (Array.isArray(out) ? out : [out]).map((t) => ({
      shape: t.shape,
      dtype: t.dtype,
      values: t.dataSync(),
    }));
  });
  expect(tf.memory().numTensors).toBe(before);
  return results;
}

/** op gives the same on this backend as on the stock CPU backend. */
export function check(inputs: readonly Plain[], op: Op, rtol = 2e-5, atol = 2e-5): void {
  const expected = run('cpu', inputs, op);
  const actual = run(BACKEND_NAME, inputs, op);
  const shapes = inputs.map(({ shape }) => `[${shape.join()}]`).join(' ');
  expect(actual.length).toBe(expected.length);
  for (const [i, { shape, dtype, values }] of expected.entries()) {
    expect(actual[i]!.shape, shapes).toEqual(shape);
    expect(actual[i]!.dtype, shapes).toBe(dtype);
    expect(actual[i]!.values, shapes).toBeAllclose(values, { rtol, atol });
  }
}

/** op gives these values on this backend: for what the stock kernel gets wrong. */
export function checkValues(
  inputs: readonly Plain[],
  op: Op,
  expected: ArrayLike<number>,
  rtol = 2e-5,
  atol = 2e-5,
): void {
  const shapes = inputs.map(({ shape }) => `[${shape.join()}]`).join(' ');
  expect(run(BACKEND_NAME, inputs, op)[0]!.values, shapes).toBeAllclose(expected, { rtol, atol });
}

/**
 * The gradient of Σ w·op(x) on this backend is that of finite differences of `reference`, which
 * computes op in float64.
 */
export function checkGradient(
  x: Plain,
  op: (x: tf.Tensor) => tf.Tensor,
  reference: (x: ArrayLike<number>) => ArrayLike<number>,
  rtol = 1e-4,
  atol = 1e-4,
): void {
  const weights = Float32Array.from(reference(x.values), (_, i) => Math.sin(1 + 2 * i));
  const expected = finiteDifference((values) => {
    const y = reference(values);
    return weights.reduce((sum, weight, i) => sum + weight * y[i]!, 0);
  }, x.values);
  const gradient = (v: tf.Tensor) =>
    tf.grad((p) => {
      const y = op(p);
      return tf.sum(tf.mul(y, tf.tensor(weights, y.shape)));
    })(v);
  checkValues([x], (v) => gradient(v!), expected, rtol, atol);
}

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
