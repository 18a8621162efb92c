import * as tf from '@tensorflow/tfjs';
import type { GradientCase, Trial } from '../gradient-case';
import {
  convolve,
  convolveDepthwise,
  convolveTransposed,
  elu,
  moved,
  relu,
  transposition,
  type WindowOptions,
} from '../references';

/** Of a convolution, as TensorFlow.js takes them. */
interface Setting {
  readonly shape: number[];
  readonly filter: number[];
  readonly stride?: number | [number, number];
  readonly dilation?: number | [number, number];
  /** Default 'same'. */
  readonly pad?: 'same' | 'valid' | number | [[number, number], [number, number]];
}

type Pad = 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;

const padOf = ({ pad = 'same' }: Setting): Pad =>
  typeof pad === 'object' ? [[0, 0], ...pad, [0, 0]] : pad;

/** A single picture `[height, width, channels]` is a batch of one. */
const batched = (shape: number[]) => (shape.length === 3 ? [1, ...shape] : shape);

function conv2dTrial(setting: Setting): Trial {
  const { shape, filter, stride = 1, dilation = 1 } = setting;
  const reference = convolve(batched(shape), filter, setting as WindowOptions);
  return {
    shapes: [shape, filter],
    op: (x, f) =>
      tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, stride, padOf(setting), 'NHWC', dilation),
    reference: (x, f) => reference(x!, f!),
  };
}

function depthwiseTrial(setting: Setting): Trial {
  const { shape, filter, stride = 1, dilation = 1 } = setting;
  const reference = convolveDepthwise(batched(shape), filter, setting as WindowOptions);
  return {
    shapes: [shape, filter],
    op: (x, f) =>
      tf.depthwiseConv2d(
        x as tf.Tensor4D,
        f as tf.Tensor4D,
        stride,
        padOf(setting),
        'NHWC',
        dilation,
      ),
    reference: (x, f) => reference(x!, f!),
  };
}

const conv2d = (name: string, ...settings: Setting[]): GradientCase => ({
  name: `conv2d${name}`,
  trials: settings.map(conv2dTrial),
});

const depthwise = (name: string, ...settings: Setting[]): GradientCase => ({
  name: `depthwiseConv2d${name}`,
  trials: settings.map(depthwiseTrial),
});

const constantFilter = Float32Array.from({ length: 36 }, (_, i) => Math.sin(1 + 1.9 * i));

/** With one input held constant, so that no tape follows it. */
const inputAlone: GradientCase = {
  name: 'conv2d, in its input alone',
  trials: [
    [1, 4, 3, 2],
    [3, 2, 3, 2],
  ].map((shape) => ({
    shapes: [shape],
    op: (x) => tf.conv2d(x as tf.Tensor4D, tf.tensor4d(constantFilter, [3, 3, 2, 2]), 1, 'same'),
    reference: (x) => convolve(shape, [3, 3, 2, 2])(x!, constantFilter),
  })),
};

const filterAlone: GradientCase = {
  name: 'conv2d, in its filter alone',
  trials: ([1, 2] as const).map((stride) => ({
    shapes: [[3, 2, 1, 2]],
    op: (f) =>
      tf.conv2d(tf.tensor4d(constantFilter, [2, 6, 3, 1]), f as tf.Tensor4D, stride, 'same'),
    reference: (f) => convolve([2, 6, 3, 1], [3, 2, 1, 2], { stride })(constantFilter, f!),
  })),
};

const channelsFirst: GradientCase = {
  name: 'conv2d, channels first (NCHW)',
  trials: [
    { shape: [1, 2, 4, 3], filter: [3, 3, 2, 2], stride: 1, dilation: 1 },
    { shape: [2, 1, 5, 4], filter: [2, 3, 1, 3], stride: 2, dilation: 1 },
    { shape: [1, 1, 4, 5], filter: [2, 2, 1, 2], stride: 1, dilation: 2 },
  ].map(({ shape, filter, stride, dilation }) => {
    const [batch, channels, height, width] = shape as [number, number, number, number];
    const last = [batch, height, width, channels];
    const out = [batch, Math.ceil(height / stride), Math.ceil(width / stride), filter[3]!];
    const there = moved(transposition(shape, [0, 2, 3, 1]));
    const back = moved(transposition(out, [0, 3, 1, 2]));
    const reference = convolve(last, filter, { stride, dilation });
    return {
      shapes: [shape, filter],
      op: (x, f) => tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, stride, 'same', 'NCHW', dilation),
      reference: (x, f) => back(reference(there(x!), f!)),
    };
  }),
};

type Shape4 = [number, number, number, number];

function transposedTrial(
  shape: Shape4,
  output: Shape4,
  filter: number[],
  stride: number,
  pad: 'same' | 'valid',
): Trial {
  const reference = convolveTransposed(output, filter, { stride, pad });
  return {
    shapes: [shape, filter],
    op: (x, f) => tf.conv2dTranspose(x as tf.Tensor4D, f as tf.Tensor4D, output, stride, pad),
    reference: (x, f) => reference(x!, f!),
  };
}

const conv1d = (name: string, settings: (Setting & { stride: number; dilation: number })[]) => ({
  name,
  trials: settings.map((setting): Trial => {
    const { shape, filter, stride, dilation, pad = 'same' } = setting;
    const reference = convolve(shape, filter, setting as WindowOptions);
    return {
      shapes: [shape, filter],
      op: (x, f) =>
        tf.conv1d(x as tf.Tensor3D, f as tf.Tensor3D, stride, pad as 'same', 'NWC', dilation),
      reference: (x, f) => reference(x!, f!),
    };
  }),
});

const volume: GradientCase = {
  name: 'conv3d',
  trials: (
    [
      { shape: [1, 3, 2, 3, 1], filter: [2, 2, 2, 1, 2], stride: 1, pad: 'valid' },
      { shape: [2, 3, 3, 2, 1], filter: [2, 2, 2, 1, 1], stride: 2, pad: 'same' },
      { shape: [1, 2, 1, 3, 2], filter: [1, 3, 2, 2, 1], stride: 1, pad: 'same' },
    ] as const
  ).map(({ shape, filter, stride, pad }) => {
    const reference = convolve(shape, filter, { stride, pad });
    return {
      shapes: [shape, filter],
      op: (x, f) => tf.conv3d(x as tf.Tensor5D, f as tf.Tensor5D, stride, pad),
      reference: (x, f) => reference(x!, f!),
    };
  }),
};

const volumeTransposed: GradientCase = {
  name: 'conv3dTranspose',
  trials: (
    [
      { shape: [1, 2, 1, 2, 2], output: [1, 4, 2, 4, 1], filter: [3, 2, 2, 1, 2], stride: 2 },
      { shape: [2, 2, 2, 1, 1], output: [2, 2, 2, 1, 2], filter: [2, 3, 1, 2, 1], stride: 1 },
    ] as const
  ).map(({ shape, output, filter, stride }) => {
    const reference = convolveTransposed(output, filter, { stride });
    return {
      shapes: [shape, filter],
      op: (x, f) =>
        tf.conv3dTranspose(x as tf.Tensor5D, f as tf.Tensor5D, [...output], stride, 'same'),
      reference: (x, f) => reference(x!, f!),
    };
  }),
};

function separableTrial({ shape, filter, stride = 1, dilation = 1 }: Setting): Trial {
  const [outputs, channels] = [2, shape[3]! * filter[3]!];
  const first = convolveDepthwise(shape, filter, { stride, dilation });
  return {
    shapes: [shape, filter, [1, 1, channels, outputs]],
    op: (x, f, pointwise) =>
      tf.separableConv2d(
        x as tf.Tensor4D,
        f as tf.Tensor4D,
        pointwise as tf.Tensor4D,
        stride,
        'same',
        dilation,
      ),
    reference: (x, f, pointwise) => {
      const between = first(x!, f!);
      return convolve([1, between.length / channels, channels], [1, channels, outputs])(
        between,
        pointwise!,
      );
    },
  };
}

const activations = { linear: (v: number) => v, relu, elu };

interface FusedSetting extends Setting {
  readonly bias?: number[];
}

const fused = (
  name: string,
  activation: keyof typeof activations,
  ...settings: FusedSetting[]
): GradientCase => ({
  name: `fused.conv2d, ${name}, also in its bias`,
  trials: settings.map((setting) => {
    const { shape, filter, stride = 1, dilation = 1, bias = [filter[3]!] } = setting;
    const reference = convolve(shape, filter, setting as WindowOptions);
    return {
      shapes: [shape, filter, bias],
      op: (x, f, b) =>
        tf.fused.conv2d({
          x: x as tf.Tensor4D,
          filter: f as tf.Tensor4D,
          strides: stride,
          pad: padOf(setting) as 'same',
          dilations: dilation,
          bias: b!,
          activation,
        }),
      reference: (x, f, b) =>
        reference(x!, f!).map((v, i) => activations[activation](v + b![i % b!.length]!)),
    };
  }),
});

const fusedDepthwise: GradientCase = {
  name: 'fused.depthwiseConv2d, linear, also in its bias',
  trials: [
    { shape: [1, 3, 3, 2], filter: [2, 2, 2, 1] },
    { shape: [2, 4, 3, 1], filter: [3, 2, 1, 2], stride: 2 },
  ].map(({ shape, filter, stride = 1 }) => ({
    shapes: [shape, filter, [filter[2]! * filter[3]!]],
    op: (x, f, bias) =>
      tf.fused.depthwiseConv2d({
        x: x as tf.Tensor4D,
        filter: f as tf.Tensor4D,
        strides: stride,
        pad: 'same',
        bias: bias!,
      }),
    reference: (x, f, bias) =>
      convolveDepthwise(shape, filter, { stride })(x!, f!).map((v, i) => v + bias![i % 2]!),
  })),
};

export const convolutionCases: readonly GradientCase[] = [
  conv2d(
    '',
    { shape: [1, 4, 3, 2], filter: [3, 3, 2, 2] },
    { shape: [2, 3, 5, 1], filter: [1, 1, 1, 3] },
    { shape: [3, 1, 4, 2], filter: [2, 3, 2, 1] },
    { shape: [4, 3, 2], filter: [2, 2, 2, 2], pad: 'valid' },
  ),
  inputAlone,
  filterAlone,
  conv2d(
    ', strides',
    { shape: [1, 5, 4, 1], filter: [4, 4, 1, 2], stride: 2 },
    { shape: [2, 5, 3, 2], filter: [3, 2, 2, 1], stride: [2, 1] },
    { shape: [1, 7, 5, 1], filter: [3, 3, 1, 2], stride: 3 },
    { shape: [1, 6, 5, 1], filter: [3, 2, 1, 2], stride: 2, pad: 'valid' },
  ),
  conv2d(
    ', padding by numbers',
    { shape: [1, 4, 3, 2], filter: [3, 3, 2, 1], pad: 1 },
    {
      shape: [1, 5, 5, 1],
      filter: [3, 3, 1, 2],
      stride: 2,
      pad: [
        [1, 2],
        [0, 1],
      ],
    },
    {
      shape: [2, 3, 2, 1],
      filter: [2, 2, 1, 1],
      pad: [
        [0, 1],
        [2, 0],
      ],
    },
  ),
  conv2d(
    ', dilated',
    { shape: [1, 5, 5, 1], filter: [2, 3, 1, 2], dilation: 2 },
    { shape: [2, 5, 5, 1], filter: [2, 2, 1, 1], dilation: 3, pad: 'valid' },
    { shape: [1, 6, 3, 2], filter: [3, 2, 2, 1], dilation: [2, 1] },
    { shape: [2, 3, 7, 1], filter: [2, 2, 1, 2], dilation: [1, 3] },
    {
      shape: [1, 4, 5, 1],
      filter: [2, 2, 1, 2],
      dilation: 2,
      pad: [
        [1, 0],
        [0, 2],
      ],
    },
  ),
  channelsFirst,
  {
    name: 'conv2dTranspose',
    trials: [
      transposedTrial([1, 2, 2, 2], [1, 4, 4, 1], [3, 3, 1, 2], 2, 'same'),
      transposedTrial([2, 3, 1, 1], [2, 5, 2, 2], [4, 4, 2, 1], 2, 'same'),
      transposedTrial([1, 2, 3, 2], [1, 3, 4, 2], [2, 2, 2, 2], 1, 'valid'),
      transposedTrial([1, 2, 2, 1], [1, 6, 5, 2], [3, 2, 2, 1], 3, 'same'),
    ],
  },
  conv1d('conv1d', [
    { shape: [2, 6, 2], filter: [3, 2, 2], stride: 1, dilation: 1 },
    { shape: [1, 7, 1], filter: [4, 1, 3], stride: 2, dilation: 1 },
    { shape: [3, 5, 2], filter: [2, 2, 1], stride: 1, dilation: 1, pad: 'valid' },
  ]),
  conv1d('conv1d, dilated', [
    { shape: [2, 7, 2], filter: [3, 2, 1], stride: 1, dilation: 2 },
    { shape: [1, 7, 1], filter: [2, 1, 2], stride: 1, dilation: 3, pad: 'valid' },
  ]),
  volume,
  volumeTransposed,
  depthwise(
    '',
    { shape: [1, 4, 3, 2], filter: [3, 3, 2, 1] },
    { shape: [2, 3, 5, 1], filter: [2, 3, 1, 3] },
    { shape: [2, 1, 4, 3], filter: [1, 2, 3, 2], pad: 'valid' },
    { shape: [4, 3, 2], filter: [2, 2, 2, 1] },
  ),
  depthwise(
    ', strides',
    { shape: [1, 5, 4, 2], filter: [3, 3, 2, 2], stride: 2 },
    { shape: [2, 6, 5, 1], filter: [3, 2, 1, 2], stride: 3, pad: 'valid' },
  ),
  depthwise(
    ', padding by numbers',
    { shape: [1, 4, 3, 2], filter: [3, 3, 2, 1], pad: 1 },
    { shape: [2, 3, 5, 1], filter: [2, 2, 1, 2], pad: 2 },
  ),
  depthwise(
    ', dilated',
    { shape: [1, 5, 5, 2], filter: [2, 2, 2, 1], dilation: 2 },
    { shape: [1, 6, 4, 2], filter: [3, 2, 2, 2], dilation: [2, 1] },
    { shape: [2, 4, 7, 1], filter: [2, 3, 1, 1], dilation: 3 },
  ),
  {
    name: 'separableConv2d',
    trials: [
      { shape: [1, 4, 3, 2], filter: [3, 3, 2, 1] },
      { shape: [2, 5, 4, 1], filter: [3, 2, 1, 2], stride: 2 },
      { shape: [1, 5, 5, 1], filter: [2, 2, 1, 2], dilation: 2 },
    ].map(separableTrial),
  },
  fused(
    'linear',
    'linear',
    { shape: [1, 3, 3, 2], filter: [2, 2, 2, 2] },
    { shape: [2, 5, 2, 1], filter: [3, 1, 1, 3], stride: 2 },
    { shape: [2, 2, 3, 1], filter: [2, 2, 1, 1], pad: 'valid' },
  ),
  fused(
    'relu',
    'relu',
    { shape: [1, 3, 3, 2], filter: [2, 2, 2, 2] },
    { shape: [2, 4, 3, 1], filter: [3, 3, 1, 2], stride: 2 },
  ),
  fused(
    'elu',
    'elu',
    { shape: [1, 3, 3, 2], filter: [2, 2, 2, 2] },
    { shape: [2, 4, 3, 1], filter: [3, 3, 1, 2], stride: 2 },
  ),
  fused(
    'one bias for all channels',
    'linear',
    { shape: [1, 3, 3, 2], filter: [2, 2, 2, 2], bias: [1] },
    { shape: [2, 3, 2, 1], filter: [2, 1, 1, 3], bias: [] },
  ),
  fused(
    'dilated',
    'linear',
    { shape: [1, 3, 3, 2], filter: [2, 2, 2, 2], dilation: 2 },
    { shape: [2, 5, 2, 1], filter: [2, 2, 1, 3], dilation: [3, 1] },
  ),
  fusedDepthwise,
];
