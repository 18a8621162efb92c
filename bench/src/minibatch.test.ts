import '@ganloom/test-tools';
import { captureOutput } from '@ganloom/test-tools';
import { installGradients } from '@ganloom/gradients';
import { minibatchDiscrimination } from '@ganloom/losses';
import * as tf from '@tensorflow/tfjs';
import { expect, it, vi } from 'vitest';
import { gradientOf, minibatch, naiveMinibatchDiscrimination } from './minibatch';

it('compares two forms of the same function', async () => {
  await tf.setBackend('cpu');
  installGradients();
  const wave = (count: number, seed: number) =>
    Float32Array.from({ length: count }, (_, i) => Math.sin(seed + 1.7 * i));
  tf.tidy(() => {
    const x = tf.tensor2d(wave(12, 1), [4, 3]);
    const t = tf.tensor3d(wave(12, 2), [3, 2, 2]);
    expect(naiveMinibatchDiscrimination(x, t)).toBeAllclose(minibatchDiscrimination(x, t));
    for (const order of [1, 2] as const) {
      const naive = gradientOf(naiveMinibatchDiscrimination, order)([x, t]);
      const ours = gradientOf(minibatchDiscrimination, order)([x, t]);
      ours.forEach((gradient, i) => {
        expect(gradient).toBeAllclose(naive[i]!, { rtol: 1e-4, atol: 1e-5 });
      });
    }
  });
});

it('prints a table', async () => {
  const said = captureOutput();
  await minibatch({ batch: 4, features: 3, kernels: 2, dimensions: 2, rounds: 1, threads: 1 });
  vi.restoreAllMocks();
  expect(said.join('\n')).toMatch(/n²·B is 0\.0 MB[^]*loss +\d[^]*gradient penalty +\d/);
});
