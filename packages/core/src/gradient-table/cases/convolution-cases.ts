import * as tf from '@tensorflow/tfjs';
import type { GradientCase } from '../gradient-case';
import {
  type WindowOptions,
  convolve,
  convolveDepthwise,
  flat,
  indices,
  windows,
} from '../references';

type Shape4 = [number, number, number, number];
type Options = WindowOptions & { readonly pad: 'same' | 'valid' };

const conv2d = (name: string, shape: Shape4, filter: Shape4, options: Options): GradientCase => ({
  name,
  shapes: [shape, filter],
  op: (x, f) => {
    const { stride = 1, dilation = 1, pad } = options;
    return tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, stride, pad, 'NHWC', dilation);
  },
  reference: (x, f) => convolve(shape, filter, options)(x!, f!),
});

const depthwise = (
  name: string,
  shape: Shape4,
  filter: Shape4,
  options: Options,
): GradientCase => ({
  name,
  shapes: [shape, filter],
  op: (x, f) => {
    const { stride = 1, dilation = 1, pad } = options;
    return tf.depthwiseConv2d(x as tf.Tensor4D, f as tf.Tensor4D, stride, pad, 'NHWC', dilation);
  },
  reference: (x, f) => convolveDepthwise(shape, filter, options)(x!, f!),
});

/** Scatters what convolution gathers. */
const transposed: GradientCase = {
  name: 'conv2dTranspose, stride 2',
  shapes: [
    [1, 2, 2, 2],
    [3, 3, 1, 2],
  ],
  op: (x, f) => tf.conv2dTranspose(x as tf.Tensor4D, f as tf.Tensor4D, [1, 4, 4, 1], 2, 'same'),
  reference: (x, f) => {
    const output = new Array<number>(16).fill(0);
    for (const [w, taps] of windows([4, 4], [3, 3], { stride: 2 }).entries()) {
      for (const { y, x: column, tap } of taps) {
        for (const c of [0, 1]) output[4 * y + column]! += x![2 * w + c]! * f![2 * tap + c]!;
      }
    }
    return output;
  },
};

const volume: GradientCase = {
  name: 'conv3d',
  shapes: [
    [1, 3, 2, 3, 1],
    [2, 2, 2, 1, 2],
  ],
  op: (x, f) => tf.conv3d(x as tf.Tensor5D, f as tf.Tensor5D, 1, 'valid'),
  reference: (x, f) =>
    indices([2, 1, 2, 2]).map(([a, b, c, o]) =>
      indices([2, 2, 2]).reduce(
        (sum, [i, j, k]) =>
          sum +
          x![flat([a! + i!, b! + j!, c! + k!], [3, 2, 3])]! *
            f![flat([i!, j!, k!, o!], [2, 2, 2, 2])]!,
        0,
      ),
    ),
};

const relu = (v: number) => Math.max(v, 0);
const elu = (v: number) => (v > 0 ? v : Math.expm1(v));
const identity = (v: number) => v;

const fused = (
  name: string,
  activation: 'linear' | 'relu' | 'elu',
  f: (v: number) => number,
  biasShape = [2],
  dilation = 1,
): GradientCase => ({
  name: `fused.conv2d, ${name}, also in its bias`,
  shapes: [[1, 3, 3, 2], [2, 2, 2, 2], biasShape],
  op: (x, filter, bias) =>
    tf.fused.conv2d({
      x: x as tf.Tensor4D,
      filter: filter as tf.Tensor4D,
      strides: 1,
      pad: 'same',
      dilations: dilation,
      bias: bias!,
      activation,
    }),
  reference: (x, filter, bias) =>
    convolve([1, 3, 3, 2], [2, 2, 2, 2], { dilation })(x!, filter!).map((v, i) =>
      f(v + bias![i % bias!.length]!),
    ),
});

const fusedDepthwise: GradientCase = {
  name: 'fused.depthwiseConv2d, linear, also in its bias',
  shapes: [[1, 3, 3, 2], [2, 2, 2, 1], [2]],
  op: (x, filter, bias) =>
    tf.fused.depthwiseConv2d({
      x: x as tf.Tensor4D,
      filter: filter as tf.Tensor4D,
      strides: 1,
      pad: 'same',
      bias: bias!,
    }),
  reference: (x, filter, bias) =>
    convolveDepthwise([1, 3, 3, 2], [2, 2, 2, 1])(x!, filter!).map((v, i) => v + bias![i % 2]!),
};

const constantFilter = Float32Array.from({ length: 36 }, (_, i) => Math.sin(1 + 1.9 * i));

export const convolutionCases: readonly GradientCase[] = [
  conv2d('conv2d 3×3', [1, 4, 3, 2], [3, 3, 2, 2], { pad: 'same' }),
  {
    name: 'conv2d 3×3, in its input alone',
    shapes: [[1, 4, 3, 2]],
    op: (x) => tf.conv2d(x as tf.Tensor4D, tf.tensor4d(constantFilter, [3, 3, 2, 2]), 1, 'same'),
    reference: (x) => convolve([1, 4, 3, 2], [3, 3, 2, 2])(x!, Float64Array.from(constantFilter)),
  },
  conv2d('conv2d 4×4, stride 2', [1, 5, 4, 1], [4, 4, 1, 2], { stride: 2, pad: 'same' }),
  conv2d('conv2d, dilated', [1, 5, 5, 1], [2, 3, 1, 2], { dilation: 2, pad: 'same' }),
  conv2d('conv2d, dilated, valid', [2, 5, 5, 1], [2, 2, 1, 1], { dilation: 3, pad: 'valid' }),
  transposed,
  volume,
  depthwise('depthwiseConv2d 3×3', [1, 4, 3, 2], [3, 3, 2, 1], { pad: 'same' }),
  depthwise('depthwiseConv2d, stride 2', [1, 5, 4, 2], [3, 3, 2, 2], { stride: 2, pad: 'same' }),
  depthwise('depthwiseConv2d, dilated', [1, 5, 5, 2], [2, 2, 2, 1], { dilation: 2, pad: 'same' }),
  fused('linear', 'linear', identity),
  fused('relu', 'relu', relu),
  fused('elu', 'elu', elu),
  fused('one bias for all channels', 'linear', identity, [1]),
  fused('dilated', 'linear', identity, [2], 2),
  fusedDepthwise,
];
