import '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { installGradients } from './install-gradients';

beforeAll(async () => {
  await tf.setBackend('cpu');
  installGradients();
});

const kernels = async (run: () => tf.Tensor) =>
  (await tf.profile(run)).kernels.map((kernel) => kernel.name);

it('computes no gradient of a stock layer that nobody asked for', async () => {
  const x = tf.randomUniform([1, 4, 4, 2]);
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 3, kernelSize: 3, activation: 'relu', inputShape: [4, 4, 2] }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 1 }),
    ],
  });
  const names = await kernels(() => tf.grad((v) => model.apply(v) as tf.Tensor)(x));
  expect(names).toContain('Conv2DBackpropInput');
  expect(names).not.toContain('Conv2DBackpropFilter');
  // Of the dense layer: dy · weightsᵀ alone.
  expect(names.filter((name) => name === 'BatchMatMul')).toHaveLength(1);
});

it('still fuses bias and activation where no tape records', async () => {
  const layer = tf.layers.conv2d({ filters: 3, kernelSize: 3, activation: 'relu' });
  const names = await kernels(() => layer.apply(tf.zeros([1, 4, 4, 2])) as tf.Tensor);
  expect(names).toContain('FusedConv2D');
  expect(names).not.toContain('Relu');
});

it("leaves the user's custom gradients alone", () => {
  const reversed = tf.customGrad((x, save) => {
    (save as (tensors: tf.Tensor[]) => void)([x as tf.Tensor]);
    return { value: tf.square(x as tf.Tensor), gradFunc: (dy: tf.Tensor) => tf.neg(dy) };
  });
  expect(tf.grad((x) => reversed(x))(tf.scalar(3))).toBeAllclose([-1]);
});

it('restores the engine when an operation throws', () => {
  const before = tf.engine().runKernel;
  const bad = () =>
    tf.grad((x) => tf.fused.matMul({ a: x as tf.Tensor2D, b: tf.ones([2, 2]) }))(tf.ones([2, 3]));
  expect(bad).toThrow('inner shapes');
  expect(tf.engine().runKernel).toBe(before);
});
