import { captureOutput } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { afterEach, expect, it, vi } from 'vitest';
import { replaceKernel } from './replace-kernel';

afterEach(() => vi.restoreAllMocks());

it('replaces a kernel once, without a word, and leaves alone what is not there', () => {
  const said = captureOutput();
  const calls: string[] = [];
  const stock: tf.KernelFunc = () => {
    calls.push('stock');
    return [];
  };
  tf.registerKernel({ kernelName: 'Odd', backendName: 'made-up', kernelFunc: stock });
  const repair = (before: tf.KernelFunc): tf.KernelFunc => {
    return (args) => {
      calls.push('repair');
      return before(args);
    };
  };
  for (let i = 0; i < 2; i++) replaceKernel('Odd', 'made-up', repair);
  replaceKernel('None', 'made-up', repair);
  tf.getKernel('Odd', 'made-up')!.kernelFunc({ inputs: {}, backend: {} });
  expect(calls).toEqual(['repair', 'stock']);
  expect(tf.getKernel('None', 'made-up')).toBeUndefined();
  expect(said).toEqual([]);
  tf.unregisterKernel('Odd', 'made-up');
});
