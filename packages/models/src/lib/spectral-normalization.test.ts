import '@ganloom/test-tools';
import { useWasm } from '@ganloom/backend-wasm';
import { RandomStream } from '@ganloom/core';
import { expectNoLeak, finiteDifference, modelOf, savedAndLoaded } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';

import { initialize } from './initialize';
import { conv2dLayer } from './layers';
import { spectrallyNormalized, spectralNorm } from './spectral-normalization';

const backends = { cpu: () => tf.setBackend('cpu'), wasm: () => useWasm({ threads: 1 }) };

const wave = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(seed + 1.7 * i));

/** The largest singular value in float64, by many steps from a start of its own. */
function largest(w: ArrayLike<number>, columns: number): number {
  const rows = w.length / columns;
  let u = Array.from({ length: columns }, (_, i) => 1 + i / 7);
  let sigma = 0;
  for (let step = 0; step < 500; step++) {
    const v = Array.from({ length: rows }, (_, r) =>
      u.reduce((sum, x, c) => sum + w[r * columns + c]! * x, 0),
    );
    u = u.map((_, c) => v.reduce((sum, x, r) => sum + w[r * columns + c]! * x, 0));
    const norm = Math.hypot(...u);
    sigma = Math.sqrt(norm);
    u = u.map((x) => x / norm);
  }
  return sigma;
}

const units = 3;
const dense = () => spectrallyNormalized(tf.layers.dense({ name: 'd', units }));

/** A model of one dense layer of a known kernel, after some training calls. */
function converged(layer: tf.layers.Layer, kernel: ArrayLike<number>, shape: number[]) {
  const model = modelOf(layer, shape);
  const weight = model.trainableWeights[0]!;
  tf.tidy(() => {
    weight.write(tf.tensor(Float32Array.from(kernel), weight.shape as number[]));
    for (let i = 0; i < 100; i++) model.apply(tf.ones([1, ...shape]), { training: true });
  });
  return { model, kernel: weight.read() as tf.Variable };
}

describe.each(Object.entries(backends))('%s', (_, start) => {
  beforeAll(async () => void (await start()));

  it('finds the largest singular value', () => {
    // WᵀW = [25 20; 20 25]: σ² = 45 and 5; u = (1, 1)/√2.
    const w = tf.tensor2d([3, 0, 4, 5], [2, 2]);
    tf.tidy(() => {
      // By hand from u = (1, 0): v = (3, 4)/5, Wᵀv = (5, 4).
      const first = spectralNorm(w, tf.tensor2d([1, 0], [2, 1]));
      expect(first.sigma).toBeAllclose([Math.sqrt(41)]);
      expect(first.u).toBeAllclose([5 / Math.sqrt(41), 4 / Math.sqrt(41)]);
      let { u } = first;
      for (let i = 0; i < 20; i++) ({ u } = spectralNorm(w, u));
      const { sigma } = spectralNorm(w, u);
      expect(sigma).toBeAllclose([Math.sqrt(45)]);
      expect(u).toBeAllclose([Math.SQRT1_2, Math.SQRT1_2]);
      // vuᵀ with v = Wu/σ = (1, 3)/√10
      const d = tf.grad((m: tf.Tensor) => spectralNorm(m as tf.Tensor2D, u).sigma)(w);
      const [a, b] = [1 / Math.sqrt(20), 3 / Math.sqrt(20)];
      expect(d).toBeAllclose([a, a, b, b]);
    });
  });

  it('has the gradients of W / σ(W), to second order', () => {
    const start64 = Float64Array.from(wave(2 * units, 1));
    const { model, kernel } = converged(dense(), start64, [2]);
    const x = tf.tensor2d(wave(8, 3), [4, 2]);
    const points = x.dataSync();
    const out = (w: ArrayLike<number>, p: ArrayLike<number>) => {
      const sigma = largest(w, units);
      const y: number[] = [];
      for (let i = 0; i < 4; i++) {
        for (let c = 0; c < units; c++) {
          y.push((p[2 * i]! * w[c]! + p[2 * i + 1]! * w[units + c]!) / sigma);
        }
      }
      return y;
    };
    const weights = wave(4 * units, 5);
    const reference = (w: ArrayLike<number>, p: ArrayLike<number> = points) =>
      out(w, p).reduce((sum, y, i) => sum + weights[i]! * y ** 2, 0);
    const objective = (v: tf.Tensor) =>
      tf.sum(
        tf.mul(
          tf.square(model.apply(v, { training: true }) as tf.Tensor),
          tf.tensor(weights, [4, units]),
        ),
      ) as tf.Scalar;
    const gradient = (f: () => tf.Scalar) => tf.variableGrads(f, [kernel]).grads[kernel.name]!;

    const tolerance = { rtol: 1e-3, atol: 1e-4 };
    tf.tidy(() => {
      expect(gradient(() => objective(x))).toBeAllclose(
        finiteDifference((w) => reference(w), start64),
        tolerance,
      );
      const penalty = () => tf.sum(tf.square(tf.grad(objective)(x))) as tf.Scalar;
      const norm = (w: Float64Array) =>
        finiteDifference((p) => reference(w, p), points).reduce((sum, g) => sum + g * g, 0);
      expect(gradient(penalty)).toBeAllclose(finiteDifference(norm, start64, 1e-4), tolerance);
    });
    model.dispose();
  });

  it('divides the kernel of a convolution, stock or ours', () => {
    const options = { name: 'c', filters: 2, kernelSize: 3, strides: 2, useBias: true };
    const layers = [tf.layers.conv2d({ ...options, padding: 'same' }), conv2dLayer(options)];
    const kernel = wave(3 * 3 * 2 * 2, 1);
    const x = tf.tensor4d(wave(50, 2), [1, 5, 5, 2]);
    for (const layer of layers) {
      const { model } = converged(spectrallyNormalized(layer), kernel, [5, 5, 2]);
      tf.tidy(() => {
        const divided = tf.div(
          tf.tensor4d(kernel, [3, 3, 2, 2]),
          largest(kernel, 2),
        ) as tf.Tensor4D;
        const expected = tf.conv2d(x, divided, 2, 'same');
        expect(model.predict(x) as tf.Tensor).toBeAllclose(expected, { rtol: 1e-4, atol: 1e-5 });
      });
      model.dispose();
    }
  });
});

describe('on one backend', () => {
  beforeAll(async () => void (await backends.cpu()));

  it('stretches no distance, and one by all it may', () => {
    const { model, kernel } = converged(
      dense(),
      wave(4 * units, 1).map((v) => 10 * v),
      [4],
    );
    tf.tidy(() => {
      const random = RandomStream.fromSeed(1);
      const [x, y] = [random.normal([200, 4]), random.normal([200, 4])];
      const norm = (t: tf.Tensor) => tf.norm(t, 2, 1);
      const of = (t: tf.Tensor) => model.predict(t) as tf.Tensor;
      const ratio = tf.div(norm(tf.sub(of(x), of(y))), norm(tf.sub(x, y)));
      const most = tf.max(ratio).dataSync()[0]!;
      expect(most).toBeLessThan(1 + 1e-5);
      // v, the direction of Wu, is stretched by σ / σ.
      const u = model.weights.find(({ originalName }) => originalName === 'd/u')!.read();
      const v = tf.transpose(tf.matMul(kernel as unknown as tf.Tensor2D, u as tf.Tensor2D));
      expect(tf.div(tf.norm(of(v)), tf.norm(v))).toBeAllclose([1], { rtol: 1e-4 });
    });
    model.dispose();
  });

  it('takes one step in each training call and none in others', () => {
    const model = modelOf(dense(), [2]);
    const u = () => [...model.weights[2]!.read().dataSync()];
    const [kernel] = model.getWeights() as [tf.Tensor2D];
    tf.tidy(() => {
      const x = tf.ones([1, 2]);
      const before = u();
      model.predict(x);
      model.apply(x);
      expect(u()).toEqual(before);
      const next = spectralNorm(kernel, tf.tensor2d(before, [units, 1])).u;
      model.apply(x, { training: true });
      expect(u()).toEqual([...next.dataSync()]);
      // Once more where the call is differentiated twice.
      tf.grad((v: tf.Tensor) => tf.sum(model.apply(v, { training: true }) as tf.Tensor))(x);
      expect(u()).toEqual([...spectralNorm(kernel, next).u.dataSync()]);
    });
    model.dispose();
  });

  it('is initialized, counted, frozen and saved as a layer is', async () => {
    const make = () =>
      tf.sequential({
        layers: [
          spectrallyNormalized(
            tf.layers.conv2d({ name: 'c', filters: 4, kernelSize: 3, inputShape: [4, 4, 1] }),
          ),
          tf.layers.flatten(),
          spectrallyNormalized(tf.layers.dense({ name: 'd', units, trainable: false })),
        ],
      });
    const model = initialize(make(), RandomStream.fromSeed(1));
    expect(model.weights.map(({ originalName }) => originalName)).toEqual([
      ...['c/kernel', 'c/bias', 'c/u', 'd/kernel', 'd/bias', 'd/u'],
    ]);
    expect(model.trainableWeights.map(({ originalName }) => originalName)).toEqual([
      'c/kernel',
      'c/bias',
    ]);
    expect(model.countParams()).toBe(36 + 4 + 4 + 48 + 3 + 3);
    // Drawn as those of the same layer without the division.
    const plain = initialize(
      modelOf(tf.layers.conv2d({ name: 'c', filters: 4, kernelSize: 3 }), [4, 4, 1]),
      RandomStream.fromSeed(1),
    );
    expect(model.getWeights()[0]!).toBeAllclose(plain.getWeights()[0]!);

    const x = tf.tensor4d(wave(32, 1), [2, 4, 4, 1]);
    tf.tidy(() => void model.apply(x, { training: true }));
    const loaded = await savedAndLoaded(model);
    tf.tidy(() => {
      expect(loaded.predict(x) as tf.Tensor).toBeAllclose(model.predict(x) as tf.Tensor);
      expect(loaded.getWeights()[2]!).toBeAllclose(model.getWeights()[2]!);
      expect(loaded.trainableWeights.length).toBe(2);
    });
    expectNoLeak(() =>
      tf.grad((v: tf.Tensor) => tf.sum(model.apply(v, { training: true }) as tf.Tensor))(x),
    );
    expectNoLeak(() => model.predict(x) as tf.Tensor);
    tf.dispose(x);
    const before = tf.memory().numTensors;
    loaded.dispose();
    expect(tf.memory().numTensors).toBe(before - 6);
    model.dispose();
    plain.dispose();
  });

  it('leaves a kernel of zeros at zero', () => {
    const { model, kernel } = converged(dense(), new Float32Array(2 * units), [2]);
    tf.tidy(() => {
      expect(model.predict(tf.ones([1, 2])) as tf.Tensor).toBeAllclose([0, 0, 0]);
      const { grads } = tf.variableGrads(
        () => tf.sum(model.apply(tf.ones([1, 2]), { training: true }) as tf.Tensor),
        [kernel],
      );
      expect([...grads[kernel.name]!.dataSync()].every(Number.isFinite)).toBe(true);
    });
    model.dispose();
  });

  it('says what it cannot take', () => {
    expect(() => spectrallyNormalized(tf.layers.flatten())).toThrow(
      'spectrallyNormalized: the layer must be Dense or Conv2D, got "Flatten"',
    );
    const used = tf.layers.dense({ name: 'used', units: 1 });
    used.apply(tf.input({ shape: [2] }));
    expect(() => spectrallyNormalized(used)).toThrow(
      'spectrallyNormalized: the layer must be new, got "used, in use"; make one for this alone',
    );
  });
});
