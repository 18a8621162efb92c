import '@ganloom/test-tools';
import { finiteDifference } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchNormTraining } from './batch-norm-training';
import { conv2d } from './conv2d';
import { leakyRelu } from './leaky-relu';

beforeAll(async () => void (await tf.setBackend('cpu')));

const wave = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(seed + 1.7 * i));

type Op = (x: tf.Tensor) => tf.Tensor;

/** ‖∇ₓ Σ w·op(x)‖² by two nested tapes: what a gradient penalty differentiates. */
function penalty(op: Op, weights: tf.Tensor, x: tf.Tensor): tf.Scalar {
  const gradient = tf.grad((v) => tf.sum(tf.mul(op(v), weights)))(x);
  return tf.sum(tf.square(gradient)) as tf.Scalar;
}

/** First- and second-order gradients against central differences of float64 references. */
function checkTwice(
  op: Op,
  shape: number[],
  weights: tf.Tensor,
  reference: { first: (x: Float64Array) => number; second: (x: Float64Array) => number },
): void {
  const values = wave(tf.util.sizeFromShape(shape), 0.3);
  const x = tf.tensor(values, shape);
  const first = tf.grad((v) => tf.sum(tf.mul(op(v), weights)))(x);
  expect(first).toBeAllclose(finiteDifference(reference.first, values), { rtol: 1e-3, atol: 1e-4 });
  const second = tf.grad((v) => penalty(op, weights, v))(x);
  const expected = finiteDifference(reference.second, values, 1e-4);
  expect(second).toBeAllclose(expected, { rtol: 5e-3, atol: 1e-3 });
}

describe('leakyRelu', () => {
  it('is x above zero and αx below', () => {
    expect(leakyRelu(tf.tensor1d([-2, -0.5, 0, 3]), 0.1)).toBeAllclose([-0.2, -0.05, 0, 3]);
  });

  it('is right to second order, where the stock one throws', () => {
    const weights = tf.tensor1d(wave(6, 2));
    const w = weights.dataSync();
    const f = (v: number) => (v > 0 ? v : 0.2 * v);
    const d = (v: number) => (v > 0 ? 1 : 0.2);
    // Composed with a square, so that the second derivative is not zero everywhere.
    checkTwice((x) => tf.square(leakyRelu(x)), [6], weights, {
      first: (x) => x.reduce((sum, v, i) => sum + w[i]! * f(v) ** 2, 0),
      second: (x) => x.reduce((sum, v, i) => sum + (w[i]! * 2 * f(v) * d(v)) ** 2, 0),
    });
  });
});

describe('conv2d', () => {
  const filter = tf.tensor4d(wave(3 * 3 * 2 * 4, 1), [3, 3, 2, 4]);
  const bias = tf.tensor1d(wave(4, 5));

  for (const activation of ['linear', 'relu', 'leakyrelu'] as const) {
    it(`${activation}: equals the composed operations, forward and in all gradients`, () => {
      const x = tf.tensor4d(wave(2 * 5 * 6 * 2, 3), [2, 5, 6, 2]);
      const act: Op = (v) =>
        activation === 'linear' ? v : activation === 'relu' ? tf.relu(v) : tf.leakyRelu(v, 0.3);
      const fused = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor) =>
        conv2d(a as tf.Tensor4D, b as tf.Tensor4D, { strides: 2, bias: c, activation, alpha: 0.3 });
      const composed = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor) =>
        act(tf.add(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 2, 'same'), c));
      expect(fused(x, filter, bias)).toBeAllclose(composed(x, filter, bias), { atol: 1e-5 });
      const loss = (op: (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor) => tf.Tensor) =>
        tf.grads((a, b, c) => tf.sum(tf.square(op(a!, b!, c!))));
      const actual = loss(fused)([x, filter, bias]);
      for (const [i, expected] of loss(composed)([x, filter, bias]).entries()) {
        expect(actual[i]!).toBeAllclose(expected, { rtol: 1e-4, atol: 1e-4 });
      }
    });
  }

  it('computes no filter gradient that nobody asked for', async () => {
    const x = tf.tensor4d(wave(2 * 5 * 6 * 2, 3), [2, 5, 6, 2]);
    const kernels = async (run: () => tf.Tensor) =>
      (await tf.profile(run)).kernelNames.filter((name) => name.startsWith('Conv2DBackprop'));
    const square = (v: tf.Tensor) => tf.sum(tf.square(conv2d(v as tf.Tensor4D, filter, { bias })));
    expect(await kernels(() => tf.grad(square)(x))).toEqual(['Conv2DBackpropInput']);
  });

  it('is right to second order', () => {
    const small = tf.tensor4d(wave(3 * 3, 1), [3, 3, 1, 1]);
    const k = small.dataSync();
    const weights = tf.tensor4d(wave(16, 2), [1, 4, 4, 1]);
    const w = weights.dataSync();
    const at = (x: Float64Array, r: number, c: number) =>
      r < 0 || r > 3 || c < 0 || c > 3 ? 0 : x[4 * r + c]!;
    const convolve = (x: Float64Array) =>
      Float64Array.from(x, (_, i) => {
        let sum = 0;
        for (let a = 0; a < 3; a++) {
          for (let b = 0; b < 3; b++)
            sum += k[3 * a + b]! * at(x, Math.floor(i / 4) + a - 1, (i % 4) + b - 1);
        }
        return sum;
      });
    const first = (x: Float64Array) =>
      convolve(x).reduce((sum, y, i) => sum + w[i]! * y * Math.max(y, 0), 0);
    checkTwice(
      (x) => {
        const y = x as tf.Tensor4D;
        return tf.mul(conv2d(y, small), conv2d(y, small, { activation: 'relu' }));
      },
      [1, 4, 4, 1],
      weights,
      {
        first,
        second: (x) => finiteDifference(first, x).reduce((sum, g) => sum + g * g, 0),
      },
    );
  });

  it('can be differentiated through its filter gradient', () => {
    const x = tf.tensor4d(wave(16, 1), [1, 4, 4, 1]);
    const kernel = tf.tensor4d(wave(4, 4), [2, 2, 1, 1]);
    // s(x) = ‖∂/∂w Σ conv(x, w)²‖²
    const s = (v: tf.Tensor) => {
      const dw = tf.grad((w) => tf.sum(tf.square(conv2d(v as tf.Tensor4D, w as tf.Tensor4D))))(
        kernel,
      );
      return tf.sum(tf.square(dw)) as tf.Scalar;
    };
    const values = x.dataSync();
    const numeric = finiteDifference(
      (p) => s(tf.tensor4d(Float32Array.from(p), [1, 4, 4, 1])).dataSync()[0]!,
      values,
      1e-2,
    );
    expect(tf.grad(s)(x)).toBeAllclose(numeric, { rtol: 2e-2, atol: 5e-2 });
  });
});

describe('batchNormTraining', () => {
  const shape = [4, 3];
  const gamma = tf.tensor1d([0.5, -1, 2]);
  const beta = tf.tensor1d([0.1, 0, -0.3]);

  it('normalizes by hand-computed statistics', () => {
    const x = tf.tensor2d([
      [1, 10],
      [3, 14],
    ]);
    const { y, mean, variance } = batchNormTraining(x, tf.ones([2]), tf.zeros([2]), 0);
    expect(mean).toBeAllclose([2, 12]);
    expect(variance).toBeAllclose([1, 4]);
    expect(y).toBeAllclose([-1, -1, 1, 1]);
  });

  it('is right to second order with composed operations', () => {
    const weights = tf.tensor2d(wave(12, 2), [4, 3]);
    const w = weights.dataSync();
    const [g, b] = [gamma.dataSync(), beta.dataSync()];
    const first = (x: Float64Array) => {
      let sum = 0;
      for (let c = 0; c < 3; c++) {
        const column = [0, 1, 2, 3].map((r) => x[3 * r + c]!);
        const m = column.reduce((a, v) => a + v, 0) / 4;
        const deviation = Math.sqrt(column.reduce((a, v) => a + (v - m) ** 2, 0) / 4 + 1e-3);
        column.forEach((v, r) => (sum += w[3 * r + c]! * ((g[c]! * (v - m)) / deviation + b[c]!)));
      }
      return sum;
    };
    checkTwice((x) => batchNormTraining(x, gamma, beta, 1e-3).y, shape, weights, {
      first,
      second: (x) => finiteDifference(first, x).reduce((sum, d) => sum + d * d, 0),
    });
  });
});
