import '@ganloom/test-tools';
import { useWasm } from '@ganloom/backend-wasm';
import { expectNoLeak, finiteDifference, modelOf, savedAndLoaded } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';

import { minibatchDiscrimination, minibatchDiscriminationLayer } from './minibatch-discrimination';

const backends = { cpu: () => tf.setBackend('cpu'), wasm: () => useWasm({ threads: 1 }) };

const wave = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(seed + 1.7 * i));

const [N, A, B, C] = [4, 3, 2, 2];
const projection = wave(A * B * C, 1);
const weights = wave(N * (A + B), 2);

/** Σ w·[f, o] as the paper writes it, in float64. */
function reference(f: ArrayLike<number>, t: ArrayLike<number> = projection): number {
  const m = (i: number, b: number, c: number) =>
    [0, 1, 2].reduce((sum, a) => sum + f[A * i + a]! * t[(a * B + b) * C + c]!, 0);
  let total = 0;
  for (let i = 0; i < N; i++) {
    for (let a = 0; a < A; a++) total += weights[(A + B) * i + a]! * f[A * i + a]!;
    for (let b = 0; b < B; b++) {
      for (let j = 0; j < N; j++) {
        if (j === i) continue;
        const distance = [0, 1].reduce((d, c) => d + Math.abs(m(i, b, c) - m(j, b, c)), 0);
        total += (weights[(A + B) * i + A + b]! * Math.exp(-distance)) / (N - 1);
      }
    }
  }
  return total;
}

const objective = (f: tf.Tensor, t: tf.Tensor) =>
  tf.sum(
    tf.mul(
      minibatchDiscrimination(f as tf.Tensor2D, t as tf.Tensor3D),
      tf.tensor(weights, [N, A + B]),
    ),
  );

describe.each(Object.entries(backends))('%s', (_, start) => {
  beforeAll(async () => void (await start()));

  it('appends the mean closeness to the others', () => {
    // M of one kernel in two dimensions: (1, 0), (0, 0), (1, 2); distances 1, 2 and 3.
    const features = tf.tensor2d([1, 0, 0, 0, 1, 2], [3, 2]);
    const identity = tf.tensor3d([1, 0, 0, 1], [2, 1, 2]);
    const [e1, e2, e3] = [1, 2, 3].map((d) => Math.exp(-d) / 2) as [number, number, number];
    expect(minibatchDiscrimination(features, identity)).toBeAllclose(
      tf.tensor2d([1, 0, e1 + e2, 0, 0, e1 + e3, 1, 2, e2 + e3], [3, 3]),
    );
  });

  it('has no others in a batch of one', () => {
    const one = minibatchDiscrimination(tf.tensor2d([[3, 4]]), tf.ones([2, 3, 2]));
    expect(one).toBeAllclose(tf.tensor2d([[3, 4, 0, 0, 0]]));
  });

  it('is right to second order', () => {
    const f = wave(N * A, 0.3);
    const [x, t] = [tf.tensor2d(f, [N, A]), tf.tensor3d(projection, [A, B, C])];
    const [dx, dt] = tf.grads(objective)([x, t]);
    const tolerance = { rtol: 1e-4, atol: 1e-5 };
    expect(dx!).toBeAllclose(finiteDifference(reference, f), tolerance);
    const ofT = (v: Float64Array) => reference(f, v);
    expect(dt!).toBeAllclose(finiteDifference(ofT, projection), tolerance);
    // What a gradient penalty descends: ‖∂/∂x‖², here by x and by T.
    const penalty = (v: tf.Tensor, w: tf.Tensor) =>
      tf.sum(tf.square(tf.grad((u: tf.Tensor) => objective(u, w))(v)));
    const norm = (v: ArrayLike<number>, w: ArrayLike<number>) =>
      finiteDifference((u) => reference(u, w), v).reduce((sum, g) => sum + g * g, 0);
    const [px, pt] = tf.grads(penalty)([x, t]);
    const loose = { rtol: 1e-3, atol: 1e-4 };
    const h = 1e-4;
    expect(px!).toBeAllclose(
      finiteDifference((v) => norm(v, projection), f, h),
      loose,
    );
    expect(pt!).toBeAllclose(
      finiteDifference((w) => norm(f, w), projection, h),
      loose,
    );
  });
});

describe('on one backend', () => {
  beforeAll(async () => void (await backends.cpu()));

  it('is right to third order, as an unrolled penalty needs', () => {
    tf.tidy(() => {
      const f = wave(N * A, 0.3);
      const [x, t] = [tf.tensor2d(f, [N, A]), tf.tensor3d(projection, [A, B, C])];
      const penalty = (v: tf.Tensor) =>
        tf.sum(tf.square(tf.grad((u: tf.Tensor) => objective(u, t))(v)));
      const w = tf.tensor2d(wave(N * A, 4), [N, A]);
      const slope = (v: tf.Tensor) => tf.sum(tf.mul(w, tf.grad(penalty)(v)));
      const along = tf.tensor2d(wave(N * A, 5), [N, A]);
      const exact = tf.sum(tf.mul(along, tf.grad(slope)(x)));
      // In float32, which wants a large step.
      const numeric = finiteDifference(
        ([h]) => slope(tf.add(x, tf.mul(along, h!))).dataSync()[0]!,
        [0],
        1e-2,
      );
      expect(exact).toBeAllclose(numeric, { rtol: 1e-2, atol: 1e-3 });
    });
  });

  it.each([1, 2])('never holds the n²·B·C values of the naive form, order %i', async (order) => {
    const [n, b, c] = [64, 2, 64];
    const features = tf.tensor2d(wave(n * 4, 1), [n, 4]);
    const t = tf.tensor3d(wave(4 * b * c, 2), [4, b, c]);
    const sum = (x: tf.Tensor) => tf.sum(minibatchDiscrimination(x as tf.Tensor2D, t));
    const penalty = (x: tf.Tensor) => tf.sum(tf.square(tf.grad(sum)(x)));
    const before = tf.memory().numBytes;
    const { peakBytes } = await tf.profile(() => tf.grad(order === 1 ? sum : penalty)(features));
    // Some of n²·B and of n·B·C, 64 times less.
    expect(peakBytes - before).toBeLessThan((4 * n * n * b * c) / 2);
    tf.dispose([features, t]);
  });

  it('is saved, and loaded by plain TensorFlow.js', async () => {
    const layer = minibatchDiscriminationLayer({ name: 'others', kernels: 2, dimensions: 3 });
    const model = modelOf(layer, [4]);
    expect(model.outputs[0]!.shape).toEqual([null, 6]);
    const loaded = await savedAndLoaded(model);
    const x = tf.tensor2d(wave(12, 1), [3, 4]);
    tf.tidy(() => {
      expect(loaded.predict(x) as tf.Tensor).toBeAllclose(model.predict(x) as tf.Tensor);
    });
    expectNoLeak(() => tf.grad((v: tf.Tensor) => tf.sum(loaded.apply(v) as tf.Tensor))(x));
    model.dispose();
    loaded.dispose();
    x.dispose();
  });

  it('leaves no tensor behind', () => {
    const features = tf.tensor2d(wave(12, 1), [3, 4]);
    const t = tf.tensor3d(wave(4 * 6, 2), [4, 2, 3]);
    expectNoLeak(() => minibatchDiscrimination(features, t));
    tf.dispose([features, t]);
  });

  it('says what it cannot take', () => {
    expect(() =>
      minibatchDiscrimination(tf.ones([2, 7, 7, 8]) as never, tf.ones([8, 2, 2])),
    ).toThrow(
      'minibatchDiscrimination: features must have rank 2, got [2,7,7,8]; flatten them first',
    );
    expect(() => minibatchDiscrimination(tf.ones([2, 7]), tf.ones([8, 2, 2]))).toThrow(
      'minibatchDiscrimination: the projection must have shape [7,B,C], got [8,2,2]',
    );
    expect(() =>
      minibatchDiscriminationLayer({ kernels: 2 }).apply(tf.input({ shape: [7, 7, 8] })),
    ).toThrow('features must have rank 2');
    expect(() => minibatchDiscriminationLayer({ kernels: 0 })).toThrow(
      'minibatchDiscriminationLayer: kernels must be a positive integer, got 0',
    );
  });
});
