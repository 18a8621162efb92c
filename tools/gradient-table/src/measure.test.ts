import '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { inputValues, type Trial } from './gradient-case';
import { compare, expectedGradients, measure } from './measure';

beforeAll(async () => void (await tf.setBackend('cpu')));

const judge = (actual: number[], expected: number[]) =>
  compare([actual], [Float64Array.from(expected)]);

it('allows what float32 may be off', () => {
  expect(judge([1000, 0.5], [1000, 0.505])).toMatchObject({ right: true });
  expect(judge([1000.9, 0], [1000, 0])).toMatchObject({ right: true });
});

it('notices a wrong element that is small beside others', () => {
  const expected = [1000, 0.5];
  // A ten-thousandth of the largest element, but a fifth of the small one.
  expect(judge([1000, 0.4], expected)).toMatchObject({ right: false });
  expect(judge([1000, 0.6], expected)).toMatchObject({ right: false });
  expect(judge([1000, -0.5], expected)).toMatchObject({ error: 0.001, right: false });
  // Each gradient has its own scale.
  const small = [Float64Array.of(1000), Float64Array.of(0.5)];
  expect(compare([[1000], [0.499]], small)).toMatchObject({ right: false });
});

it('notices what is no number, and what is where nothing is expected', () => {
  expect(judge([NaN, 1], [1, 1])).toEqual({ error: NaN, right: false });
  expect(judge([1e-4], [0])).toEqual({ error: 1e-4, right: false });
  expect(judge([0], [0])).toEqual({ error: 0, right: true });
});

const product: Trial = {
  shapes: [[1], [1]],
  op: (x, w) => tf.mul(x!, w!),
  reference: (x, w) => [x![0]! * w![0]!],
};

it('expects the gradients that are found by hand', () => {
  const [[x], [w]] = inputValues(product) as unknown as [[number], [number]];
  const s = Math.sin(2);
  const slope = s * (1 + x * w);
  const both = expectedGradients(product);
  expect(both.first[0]!).toBeAllclose([slope * w]);
  expect(both.first[1]!).toBeAllclose([slope * x]);
  // ∇ of slope²·(x² + w²)
  expect(both.second[0]!).toBeAllclose([2 * slope * (s * w * (x ** 2 + w ** 2) + slope * x)]);
  expect(both.second[1]!).toBeAllclose([2 * slope * (s * x * (x ** 2 + w ** 2) + slope * w)]);

  // Of slope²·w²: w is a weight.
  const one = expectedGradients({ ...product, penalized: 1 });
  expect(one.first).toEqual(both.first);
  expect(one.second[0]!).toBeAllclose([2 * slope * s * w ** 3]);
  expect(one.second[1]!).toBeAllclose([2 * slope * w * (s * x * w + slope)]);
});

it('measures them by the tape', async () => {
  for (const trial of [product, { ...product, penalized: 1 }]) {
    const { first, second } = await measure(trial, expectedGradients(trial));
    expect(first).toMatchObject({ right: true });
    expect(second).toMatchObject({ right: true });
  }
  const wrong = { ...product, op: (x: tf.Tensor) => tf.mul(x, 2) };
  expect((await measure(wrong, expectedGradients(product))).first).not.toMatchObject({
    right: true,
  });
});

it('takes the second gradient of what was recorded before the first', async () => {
  // Its gradient uses what a tape knows nothing of: right once, and not twice.
  const once = tf.customGrad((x, save) => {
    const y = tf.exp(x as tf.Tensor);
    (save as tf.GradSaveFunc)([y]);
    return { value: y, gradFunc: (dy, [saved]) => tf.mul(dy, saved!) };
  });
  const squared = (x: tf.Tensor) => tf.mul(x, x);
  const trial: Trial = {
    shapes: [[2]],
    op: (x) => (tf.engine().state.gradientDepth > 1 ? squared(x!) : once(tf.log(squared(x!)))),
    reference: (x) => x!.map((v) => v * v),
  };
  const { first, second } = await measure(trial, expectedGradients(trial));
  expect(first).toMatchObject({ right: true });
  expect(second).toMatchObject({ right: false });
});
