import * as tf from '@tensorflow/tfjs';
import { depthwise } from './convolution';
import { gradientConfig, noGradient, runKernel } from './gradient-config';

interface PoolAttrs {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/**
 * One over the number of pixels in each window, `[1, height, width, 1]`. Windows that reach over
 * the border average over fewer pixels, which the stock gradient overlooks.
 */
function shares(shape: number[], { filterSize, strides, pad, dimRoundingMode }: PoolAttrs) {
  const info = tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const count = (outputs: number, stride: number, before: number, window: number, size: number) =>
    Array.from({ length: outputs }, (_, i) => {
      const begin = i * stride - before;
      return Math.min(size, begin + window) - Math.max(0, begin);
    });
  const { padInfo, filterHeight, filterWidth } = info;
  const rows = count(info.outHeight, info.strideHeight, padInfo.top, filterHeight, info.inHeight);
  const columns = count(info.outWidth, info.strideWidth, padInfo.left, filterWidth, info.inWidth);
  const values = rows.flatMap((row) => columns.map((column) => 1 / (row * column)));
  const channels = shape[3]!;
  return {
    share: tf.tensor4d(values, [1, rows.length, columns.length, 1]),
    ones: tf.ones([filterHeight, filterWidth, channels, 1]),
  };
}

/** Gradients of pooling over two dimensions. */
export const poolingGradients: readonly tf.GradConfig[] = [
  gradientConfig('AvgPool', ['x'], (dy, [x], attrs: PoolAttrs) => ({
    // An average is a depthwise convolution, whose gradients are registered to any order.
    x: () => {
      const { share, ones } = shares(x.shape, attrs);
      return depthwise.input(tf.mul(dy, share), ones, x.shape, attrs);
    },
  })),
  // Linear in dy: it scatters dy to the maxima, so its own gradient gathers from there. Which of
  // several equal maxima counts is the backend's choice, and the same in both of its kernels.
  gradientConfig('MaxPoolGrad', ['input', 'output'], (d, [input, output], attrs: PoolAttrs) => ({
    dy: () => {
      const [, places] = runKernel<[tf.Tensor, tf.Tensor]>(
        'MaxPoolWithArgmax',
        { x: input },
        { ...attrs, includeBatchInIndex: true },
      );
      // WebGL's kernel calls its places float32.
      const flat = tf.cast(tf.reshape(places, [-1]), 'int32') as tf.Tensor1D;
      return tf.reshape(tf.gather(tf.reshape(d, [-1]), flat), output.shape);
    },
    input: noGradient(input),
    output: noGradient(output),
  })),
];
