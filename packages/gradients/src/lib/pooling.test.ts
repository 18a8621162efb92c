import { registerWasmBackend } from '@ganloom/backend-wasm';
import '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installGradients } from './install-gradients';

registerWasmBackend();

describe.each(['cpu', 'ganloom-wasm'])('on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    installGradients();
  });

  it('gathers from where the gradient of max pooling scatters to, also among equal maxima', () => {
    const x = tf.zeros([2, 5, 5, 2]) as tf.Tensor4D;
    const wave = (shape: number[], phase: number) =>
      tf.sin(tf.add(phase, tf.range(0, tf.util.sizeFromShape(shape)))).reshape(shape);
    const dy = wave([2, 3, 3, 2], 1);
    const d = wave([2, 5, 5, 2], 2);
    const scatter = (v: tf.Tensor) =>
      tf.grad((u) => tf.maxPool(u as tf.Tensor4D, 3, 2, 'same'))(x, v);
    const gather = tf.grad(scatter)(dy, d);
    // ⟨L·dy, d⟩ = ⟨dy, Lᵀ·d⟩
    const product = tf.sum(tf.mul(scatter(dy), d));
    expect(Math.abs(product.dataSync()[0]!)).toBeGreaterThan(0.1);
    expect(tf.sum(tf.mul(dy, gather))).toBeAllclose(product, { rtol: 1e-4 });
  });
});
