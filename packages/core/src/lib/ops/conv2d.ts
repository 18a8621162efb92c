import * as tf from '@tensorflow/tfjs';

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

interface FusedAttrs {
  readonly strides: [number, number];
  readonly pad: 'same' | 'valid';
  readonly dataFormat: 'NHWC';
  readonly dilations: [number, number];
  readonly activation: 'linear' | 'relu' | 'leakyrelu';
  readonly leakyreluAlpha: number;
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
  const attrs: FusedAttrs = {
    strides: typeof strides === 'number' ? [strides, strides] : [strides[0], strides[1]],
    pad,
    dataFormat: 'NHWC',
    dilations: [1, 1],
    activation,
    leakyreluAlpha: alpha,
  };
  const inputs = { x, filter, ...(bias && { bias }) };
  return run<tf.Tensor4D>('FusedConv2D', inputs, attrs);
}

function run<T extends tf.Tensor>(name: string, inputs: tf.NamedTensorMap, attrs: object): T {
  return tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap) as T;
}

function backpropFilter(
  x: tf.Tensor,
  dy: tf.Tensor,
  filterShape: number[],
  attrs: ConvAttrs,
): tf.Tensor {
  const { strides, pad } = attrs;
  return run('Conv2DBackpropFilter', { x, dy }, { strides, pad, dataFormat: 'NHWC', filterShape });
}

function backpropInput(
  dy: tf.Tensor,
  filter: tf.Tensor,
  inputShape: number[],
  attrs: ConvAttrs,
): tf.Tensor {
  const { strides, pad } = attrs;
  return run(
    'Conv2DBackpropInput',
    { dy, filter },
    { strides, pad, dataFormat: 'NHWC', inputShape },
  );
}

type ConvAttrs = Pick<FusedAttrs, 'strides' | 'pad'>;

let registered = false;

/**
 * TensorFlow.js registers no gradient for these two kernels: it differentiates `FusedConv2D` by a
 * function of its own, and `Conv2DBackpropFilter` not at all.
 */
function registerGradients(): void {
  if (registered) return;
  registered = true;
  tf.registerGradient({
    kernelName: 'FusedConv2D',
    inputsToSave: ['x', 'filter'],
    outputsToSave: [true],
    gradFunc: (dy, saved, named) => {
      const [x, filter, y] = saved as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
      const attrs = named as unknown as FusedAttrs;
      const { activation, leakyreluAlpha } = attrs;
      // The derivative is read off the output, whose sign is the input's.
      const slope = activation === 'relu' ? 0 : leakyreluAlpha;
      const d =
        activation === 'linear' ? (dy as tf.Tensor) : tf.mul(dy as tf.Tensor, tf.step(y, slope));
      return {
        x: () => backpropInput(d, filter, x.shape, attrs),
        filter: () => backpropFilter(x, d, filter.shape, attrs),
        bias: () => tf.sum(d, [0, 1, 2]),
      };
    },
  });
  tf.registerGradient({
    // Bilinear in x and dy.
    kernelName: 'Conv2DBackpropFilter',
    inputsToSave: ['x', 'dy'],
    gradFunc: (ddw, saved, named) => {
      const [x, dy] = saved as [tf.Tensor4D, tf.Tensor4D];
      const attrs = named as unknown as ConvAttrs;
      const dw = ddw as tf.Tensor4D;
      return {
        x: () => backpropInput(dy, dw, x.shape, attrs),
        dy: () => tf.conv2d(x, dw, attrs.strides, attrs.pad),
      };
    },
  });
}
