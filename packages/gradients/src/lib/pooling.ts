import * as tf from '@tensorflow/tfjs';
import { depthwise } from './convolution';
import { gradientConfig, noGradient, runKernel } from './gradient-config';

interface PoolAttrs {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function windowsOf(shape: number[], attrs: PoolAttrs) {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  return tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}

type Windows = ReturnType<typeof windowsOf>;

/** A filter that adds up each channel of a window. */
const ones = ({ filterHeight, filterWidth, inChannels }: Windows) =>
  tf.ones([filterHeight, filterWidth, inChannels, 1]);

/**
 * One over the number of pixels in each window, `[1, height, width, 1]`. Windows that reach over
 * the border average over fewer pixels, which the stock gradient overlooks.
 */
function shares(info: Windows): tf.Tensor {
  const count = (outputs: number, stride: number, before: number, window: number, size: number) =>
    Array.from({ length: outputs }, (_, i) => {
      const begin = i * stride - before;
      return Math.min(size, begin + window) - Math.max(0, begin);
    });
  const { padInfo, filterHeight, filterWidth } = info;
  const rows = count(info.outHeight, info.strideHeight, padInfo.top, filterHeight, info.inHeight);
  const columns = count(info.outWidth, info.strideWidth, padInfo.left, filterWidth, info.inWidth);
  const values = rows.flatMap((row) => columns.map((column) => 1 / (row * column)));
  return tf.tensor4d(values, [1, rows.length, columns.length, 1]);
}

/** All windows in as few sets as have no two that overlap, each `[1, height, width, 1]` of 0 and 1. */
function apart(info: Windows): tf.Tensor[] {
  const { outHeight, outWidth } = info;
  const down = Math.ceil(info.filterHeight / info.strideHeight);
  const across = Math.ceil(info.filterWidth / info.strideWidth);
  return Array.from({ length: down * across }, (_, set) => {
    const values = Float32Array.from({ length: outHeight * outWidth }, (__, i) => {
      const [row, column] = [Math.floor(i / outWidth), i % outWidth];
      return (row % down) * across + (column % across) === set ? 1 : 0;
    });
    return tf.tensor4d(values, [1, outHeight, outWidth, 1]);
  });
}

/** Gradients of pooling over two dimensions. */
export const poolingGradients = (): readonly tf.GradConfig[] => [
  gradientConfig('AvgPool', ['x'], (dy, [x], attrs: PoolAttrs) => ({
    // An average is a depthwise convolution, whose gradients are registered to any order.
    x: () => {
      const info = windowsOf(x.shape, attrs);
      return depthwise.input(tf.mul(dy, shares(info)), ones(info), x.shape, attrs);
    },
  })),
  // Linear in dy: it scatters dy to the maxima, so its own gradient gathers from there. Where they
  // are, of several equal ones too, is for the kernel itself to say: it scatters a 1 for each
  // window, and of windows that do not overlap it is clear which 1 is whose.
  gradientConfig('MaxPoolGrad', ['input', 'output'], (d, [input, output], attrs: PoolAttrs) => ({
    dy: () => {
      const info = windowsOf(input.shape, attrs);
      const gathered = apart(info).map((set) => {
        const dy = tf.mul(set, tf.onesLike(output));
        const maxima = runKernel('MaxPoolGrad', { dy, input, output }, attrs);
        return tf.mul(set, depthwise.forward(tf.mul(d, maxima), ones(info), attrs));
      });
      // One by one: webgpu adds no nine at once, as a GPU may bind eight buffers only.
      return gathered.reduce((sum, part) => tf.add(sum, part));
    },
    input: noGradient(input),
    output: noGradient(output),
  })),
];
