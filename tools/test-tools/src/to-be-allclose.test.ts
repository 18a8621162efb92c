import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { toBeAllclose } from './to-be-allclose';

it('accepts values within rtol·|expected| + atol and no others', () => {
  expect([101, -0.5]).toBeAllclose([100, 0], { rtol: 0.01, atol: 0.5 });
  expect([102]).not.toBeAllclose([100], { rtol: 0.01, atol: 0.5 });
  expect([98]).not.toBeAllclose([100], { rtol: 0.01, atol: 0.5 });
  expect([1 + 1e-4]).not.toBeAllclose([1]);
});

it('takes tensors, arrays and typed arrays on either side', () => {
  const tensor = tf.tensor2d([[1, 2]]);
  expect(tensor).toBeAllclose([1, 2]);
  expect(Float32Array.of(1, 2)).toBeAllclose(tensor);
  expect(tensor).toBeAllclose(tf.tensor2d([[1, 2]]));
});

it('names the worst element', () => {
  const actual = tf.tensor2d([
    [1, 2],
    [3.5, 4.25],
  ]);
  const { pass, message } = toBeAllclose(actual, [1, 2, 3, 4]);
  expect(pass).toBe(false);
  expect(message()).toBe(
    'toBeAllclose: 2 of 4 values differ (rtol 0.00001, atol 0.000001); the worst is at [1,0]: ' +
      'actual 3.5, expected 3, absolute error 0.500, relative error 0.167',
  );
});

it('compares the shapes of two tensors, and the number of values', () => {
  const { message } = toBeAllclose(tf.zeros([2, 3]), tf.zeros([3, 2]));
  expect(message()).toBe('toBeAllclose: expected shape [3,2], got [2,3]');
  expect(toBeAllclose([1], [1, 1]).message()).toBe('toBeAllclose: expected 2 values, got 1');
});

it('lets only equal infinities and two NaNs agree', () => {
  expect([Infinity, NaN]).toBeAllclose([Infinity, NaN]);
  expect([-Infinity]).not.toBeAllclose([Infinity]);
  expect([1]).not.toBeAllclose([Infinity]);
  expect([Infinity]).not.toBeAllclose([1]);
  expect([NaN]).not.toBeAllclose([0]);
  expect([0]).not.toBeAllclose([NaN]);
});
