import '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { installGradients } from './install-gradients';

beforeAll(async () => {
  await tf.setBackend('cpu');
  installGradients();
});

const kernels = async (run: () => tf.Tensor, name: string) =>
  (await tf.profile(run)).kernels.filter((kernel) => kernel.name === name).length;

it('computes the output once where nobody differentiates the gradient', async () => {
  const gradient = tf.grad((v) => tf.tanh(v));
  expect(await kernels(() => gradient(tf.scalar(0.5)), 'Tanh')).toBe(1);
});

it('computes it again under an outer tape', async () => {
  const second = tf.grad((u) => tf.grad((v) => tf.tanh(v))(u));
  expect(await kernels(() => second(tf.scalar(0.5)), 'Tanh')).toBe(2);
});

it('is right to third order', () => {
  const third = tf.grad((w) => tf.grad((u) => tf.grad((v) => tf.exp(v))(u))(w));
  expect(third(tf.scalar(0.5))).toBeAllclose([Math.exp(0.5)]);
});
