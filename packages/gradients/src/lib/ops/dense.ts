import { hasKernel, runKernel } from '@ganloom/kernels';
import * as tf from '@tensorflow/tfjs';
import { gradientConfig } from '../gradient-config';

/**
 * A dense layer's product, x·kernel + bias. Uses the kernel `Dense` where the backend has it, else
 * `tf.fused.matMul`, which computes the same in more calls. Right to second order, the latter after
 * `installGradients()`.
 *
 * @param x `[batch, inputs]`
 * @param kernel `[inputs, units]`
 * @param bias `[units]`; default: none
 */
export function dense(x: tf.Tensor2D, kernel: tf.Tensor2D, bias?: tf.Tensor1D): tf.Tensor2D {
  if (!hasKernel('Dense')) {
    return tf.fused.matMul({ a: x, b: kernel, ...(bias && { bias }) }) as tf.Tensor2D;
  }
  registerGradient();
  return runKernel('Dense', { x, kernel, ...(bias && { bias }) }, {});
}

let registered = false;

function registerGradient(): void {
  if (registered) return;
  registered = true;
  tf.registerGradient(
    gradientConfig('Dense', ['x', 'kernel'], (dy, [x, kernel]) => ({
      x: () => tf.matMul(dy as tf.Tensor2D, kernel as tf.Tensor2D, false, true),
      kernel: () => tf.matMul(x as tf.Tensor2D, dy as tf.Tensor2D, true, false),
      bias: () => tf.sum(dy, 0),
    })),
  );
}
