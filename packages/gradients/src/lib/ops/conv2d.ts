import * as tf from '@tensorflow/tfjs';
import { conv2dFilterGradient, fusedConv2dGradient } from '../convolution';
import { runKernel } from '../gradient-config';

/** Settings of {@link conv2d}. */
export interface Conv2dOptions {
  readonly strides?: number | readonly [number, number];
  readonly pad?: 'same' | 'valid';
  /** Added to each output channel, `[outChannels]`. */
  readonly bias?: tf.Tensor;
  readonly activation?: 'linear' | 'relu' | 'leakyrelu';
  /** Slope of leaky ReLU below zero, above 0; default 0.2. */
  readonly alpha?: number;
}

/**
 * Convolution, bias and activation in one kernel: act(x ∗ filter + bias).
 *
 * Unlike `tf.fused.conv2d`, its gradient computes only what is asked for: differentiating with
 * respect to x alone (a generator's step, a gradient penalty) never makes the filter's gradient.
 * Right to second order.
 *
 * @param x `[batch, height, width, inChannels]`
 * @param filter `[height, width, inChannels, outChannels]`
 */
export function conv2d(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  options: Conv2dOptions = {},
): tf.Tensor4D {
  const { strides = 1, pad = 'same', bias, activation = 'linear', alpha = 0.2 } = options;
  registerGradients();
  const attrs = {
    strides: typeof strides === 'number' ? [strides, strides] : strides,
    pad,
    dataFormat: 'NHWC',
    dilations: [1, 1],
    activation,
    leakyreluAlpha: alpha,
  };
  const inputs = { x, filter, ...(bias && { bias }) };
  return runKernel<tf.Tensor4D>('FusedConv2D', inputs, attrs);
}

let registered = false;

/** The two that this function needs, so that it is right without `installGradients`. */
function registerGradients(): void {
  if (registered) return;
  registered = true;
  tf.registerGradient(fusedConv2dGradient());
  tf.registerGradient(conv2dFilterGradient());
}
