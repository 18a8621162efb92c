import * as tf from '@tensorflow/tfjs';
import { expect, it, vi } from 'vitest';
import { installGradients } from './install-gradients';

it('says nothing, even in debug mode, and does its work once', async () => {
  await tf.setBackend('cpu');
  const tanh = tf.getGradient('Tanh');
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  tf.env().set('DEBUG', true);
  warn.mockClear();
  installGradients();
  tf.env().set('DEBUG', false);
  expect(warn).not.toHaveBeenCalled();
  const installed = tf.getGradient('Tanh');
  const { runKernel, customGrad } = tf.engine();
  expect(installed).not.toBe(tanh);
  installGradients();
  expect(tf.getGradient('Tanh')).toBe(installed);
  expect(tf.engine().runKernel).toBe(runKernel);
  expect(tf.engine().customGrad).toBe(customGrad);
});
