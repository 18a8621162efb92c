import * as tf from '@tensorflow/tfjs';
import type { GradientCase } from '../gradient-case';
import {
  along,
  convolve,
  convolveDepthwise,
  convolveTransposed,
  each,
  elu,
  erf,
  flat,
  indices,
  mean,
  normalise,
  pairs,
  pooled,
  product,
  relu,
  selu,
  sigmoid,
  softmax,
  softplus,
} from '../references';
import { type LayerSetting, layerTrial, weight } from './layer-trial';
import { bilinearTrial } from './picture-cases';

const layer = (name: string, ...settings: LayerSetting[]): GradientCase => ({
  name: `layers.${name}`,
  trials: settings.map(layerTrial),
});

/** A layer that does not depend on the shape otherwise. */
const everywhere = (
  name: string,
  make: () => tf.layers.Layer,
  reference: (shape: number[]) => (x: Float64Array) => ArrayLike<number>,
  ...shapes: number[][]
): GradientCase =>
  layer(name, ...shapes.map((shape) => ({ shape, make, reference: reference(shape) })));

const activations = {
  relu,
  relu6: (v: number) => Math.min(Math.max(v, 0), 6),
  elu,
  selu,
  tanh: Math.tanh,
  sigmoid,
  hardSigmoid: (v: number) => Math.min(1, Math.max(0, 0.2 * v + 0.5)),
  softplus,
  swish: (v: number) => v * sigmoid(v),
  gelu: (v: number) => (v / 2) * (1 + erf(v / Math.SQRT2)),
  mish: (v: number) => v * Math.tanh(softplus(v)),
} as const;

type Activation = keyof typeof activations;

const denseSettings = [
  { shape: [2, 3], units: 2 },
  { shape: [1, 4], units: 3 },
  { shape: [2, 2, 3], units: 1 },
];

/** x·W + b */
function affine(x: Float64Array, inputs: number, units: number): number[] {
  const bias = weight(1, units);
  return product(x, weight(0, inputs * units), inputs).map((v, i) => v + bias[i % units]!);
}

const dense = (activation: Activation): GradientCase =>
  layer(
    `dense, ${activation}`,
    ...denseSettings.map(({ shape, units }) => ({
      shape,
      make: () => tf.layers.dense({ units, activation }),
      reference: (x: Float64Array) =>
        affine(x, shape.at(-1)!, units).map((v) => activations[activation](v)),
    })),
  );

const denseSoftmax = layer(
  'dense, softmax',
  ...denseSettings.map(({ shape, units }) => ({
    shape,
    make: () => tf.layers.dense({ units, activation: 'softmax' }),
    reference: (x: Float64Array) => {
      const y = Float64Array.from(affine(x, shape.at(-1)!, units));
      return along([y.length / units, units], [1], softmax)(y);
    },
  })),
);

interface Convolution {
  readonly shape: number[];
  readonly filters: number;
  readonly kernel: [number, number];
  readonly stride?: number;
  readonly dilation?: number | [number, number];
  readonly pad?: 'same' | 'valid';
}

const convolution = (
  name: string,
  activation: 'linear' | 'relu' | 'tanh',
  ...settings: Convolution[]
): GradientCase =>
  layer(
    `conv2d, ${name}`,
    ...settings.map(({ shape, filters, kernel, stride = 1, dilation = 1, pad = 'same' }) => {
      const filterShape = [...kernel, shape[3]!, filters];
      const convolved = convolve(shape, filterShape, { stride, dilation, pad });
      const f = activation === 'linear' ? (v: number) => v : activations[activation];
      return {
        shape,
        make: () =>
          tf.layers.conv2d({
            filters,
            kernelSize: kernel,
            strides: stride,
            dilationRate: dilation,
            padding: pad,
            activation,
          }),
        reference: (x: Float64Array) => {
          const [filter, bias] = [
            weight(
              0,
              filterShape.reduce((a, b) => a * b, 1),
            ),
            weight(1, filters),
          ];
          return convolved(x, filter).map((v, i) => f(v + bias[i % filters]!));
        },
      };
    }),
  );

const strided: readonly Convolution[] = [
  { shape: [1, 4, 4, 2], filters: 2, kernel: [3, 3], stride: 2 },
  { shape: [2, 3, 5, 1], filters: 3, kernel: [2, 3], pad: 'valid' },
];

const conv1d = (name: string, activation: 'linear' | 'tanh', dilation: number): GradientCase =>
  layer(
    `conv1d, ${name}`,
    ...[
      [2, 6, 2],
      [1, 5, 1],
    ].map((shape) => ({
      shape,
      make: () =>
        tf.layers.conv1d({
          filters: 3,
          kernelSize: 3,
          padding: 'same',
          dilationRate: dilation,
          activation,
        }),
      reference: (x: Float64Array) => {
        const channels = shape[2]!;
        const y = convolve(shape, [3, channels, 3], { dilation })(x, weight(0, 9 * channels));
        const bias = weight(1, 3);
        return y.map((v, i) => (activation === 'tanh' ? Math.tanh : Number)(v + bias[i % 3]!));
      },
    })),
  );

const allButLast = (shape: readonly number[]) => shape.slice(0, -1).map((_, d) => d);

interface Affine {
  readonly scale: boolean;
  readonly center: boolean;
}

/** γ·x̂ + β along the last dimension, as far as they are there. */
function scaled(x: ArrayLike<number>, channels: number, { scale, center }: Affine): number[] {
  const gamma = scale ? weight(0, channels) : new Float32Array(channels).fill(1);
  const beta = center ? weight(scale ? 1 : 0, channels) : new Float32Array(channels);
  return Array.from(x, (v, i) => v * gamma[i % channels]! + beta[i % channels]!);
}

const batchShapes = [
  [4, 2],
  [3, 2, 3],
  [2, 2, 3, 2],
  [1, 3, 2, 1],
];

/** By the statistics of the batch. */
const batchNormTraining = (name: string, options: Affine): GradientCase =>
  layer(
    `batchNormalization${name}, training`,
    ...batchShapes.map((shape) => ({
      shape,
      make: () => tf.layers.batchNormalization({ ...options }),
      reference: (x: Float64Array) =>
        scaled(
          along(shape, allButLast(shape), (v) => normalise(v, 1e-3))(x),
          shape.at(-1)!,
          options,
        ),
    })),
  );

/** By the moving statistics: a mean of 1.5 and a variance of 0.5. */
const batchNormInference = (name: string, options: Affine): GradientCase =>
  layer(
    `batchNormalization${name}, not training`,
    ...batchShapes.map((shape) => ({
      shape,
      training: false,
      make: () => tf.layers.batchNormalization({ ...options }),
      prepare: (built: tf.layers.Layer) => {
        const weights = built.getWeights();
        const statistics = [1.5, 0.5].map((value) => tf.fill([shape.at(-1)!], value));
        built.setWeights([...weights.slice(0, -2), ...statistics]);
      },
      reference: (x: Float64Array) =>
        scaled(
          x.map((v) => (v - 1.5) / Math.sqrt(0.5 + 1e-3)),
          shape.at(-1)!,
          options,
        ),
    })),
  );

const layerNorm = (name: string, options: Affine): GradientCase =>
  layer(
    `layerNormalization${name}`,
    ...[
      [2, 4],
      [1, 2, 3],
      [2, 2, 1, 3],
    ].map((shape) => ({
      shape,
      make: () => tf.layers.layerNormalization({ ...options }),
      reference: (x: Float64Array) =>
        scaled(
          along(shape, [shape.length - 1], (v) => normalise(v, 1e-3))(x),
          shape.at(-1)!,
          options,
        ),
    })),
  );

const both: Affine = { scale: true, center: true };
const noScale: Affine = { scale: false, center: true };
const noCenter: Affine = { scale: true, center: false };
const neither: Affine = { scale: false, center: false };

const unrepaired =
  'the forward pass throws, gradients or not; train with both, ' +
  'or by `batchNormLayer(name, { affine: false })` of `@ganloom/models`';

const max = (values: number[]) => Math.max(...values);

const picture = [1, 4, 4, 2];
const pictures = [picture, [2, 5, 3, 1]];

const pooling = (
  name: string,
  make: () => tf.layers.Layer,
  window: number[],
  f: (values: number[]) => number,
  ...shapes: number[][]
) =>
  everywhere(
    name,
    make,
    (shape) => pooled(shape, window, { stride: window, pad: 'valid' }, f),
    ...shapes,
  );

/** Over all of a picture or a sequence. */
const globalPooling = (
  name: string,
  make: () => tf.layers.Layer,
  f: (values: number[]) => number,
  ...shapes: number[][]
) =>
  everywhere(
    name,
    make,
    (shape) => pooled(shape, shape.slice(1, -1), { pad: 'valid' }, f),
    ...shapes,
  );

export const layerCases: readonly GradientCase[] = [
  ...(Object.keys(activations) as Activation[]).map(dense),
  denseSoftmax,
  convolution('relu', 'relu', ...strided),
  convolution('tanh', 'tanh', ...strided),
  convolution(
    'dilated',
    'linear',
    { shape: picture, filters: 2, kernel: [2, 2], dilation: 2 },
    { shape: [2, 5, 3, 1], filters: 3, kernel: [3, 2], dilation: [2, 1] },
  ),
  conv1d('tanh', 'tanh', 1),
  conv1d('dilated', 'linear', 2),
  layer('conv2dTranspose', {
    shape: [1, 2, 3, 2],
    make: () =>
      tf.layers.conv2dTranspose({ filters: 3, kernelSize: 4, strides: 2, padding: 'same' }),
    reference: (x) => {
      const bias = weight(1, 3);
      const transposed = convolveTransposed([1, 4, 6, 3], [4, 4, 3, 2], { stride: 2 });
      return transposed(x, weight(0, 96)).map((v, i) => v + bias[i % 3]!);
    },
  }),
  layer(
    'depthwiseConv2d',
    ...[1, 2].map((depthMultiplier): LayerSetting => ({
      shape: picture,
      make: () =>
        tf.layers.depthwiseConv2d({
          kernelSize: 3,
          depthMultiplier,
          padding: 'same',
          useBias: false,
        }),
      reference: (x) => {
        const filter = weight(0, 18 * depthMultiplier);
        return convolveDepthwise(picture, [3, 3, 2, depthMultiplier])(x, filter);
      },
    })),
  ),
  layer('separableConv2d', {
    shape: picture,
    make: () =>
      tf.layers.separableConv2d({ filters: 3, kernelSize: 3, padding: 'same', useBias: false }),
    reference: (x) =>
      product(convolveDepthwise(picture, [3, 3, 2, 1])(x, weight(0, 18)), weight(1, 6), 2),
  }),
  everywhere(
    'leakyReLU',
    () => tf.layers.leakyReLU({ alpha: 0.1 }),
    () => each((v) => (v > 0 ? v : 0.1 * v)),
    [2, 4],
    [1, 2, 3, 2],
  ),
  layer(
    'prelu',
    ...[
      { shape: [2, 4], slopes: [4] },
      { shape: [2, 3, 2, 3], slopes: [1, 1, 3], sharedAxes: [1, 2] },
      { shape: [1, 3, 2], slopes: [3, 2] },
    ].map(({ shape, slopes, sharedAxes }): LayerSetting => ({
      shape,
      make: () => tf.layers.prelu(sharedAxes ? { sharedAxes } : {}),
      reference: (x) => {
        const alpha = Float64Array.from(
          weight(
            0,
            slopes.reduce((a, b) => a * b, 1),
          ),
        );
        return pairs((v, a) => (v > 0 ? v : a * v), [shape, slopes])(x, alpha);
      },
    })),
  ),
  everywhere(
    'elu',
    () => tf.layers.elu(),
    () => each(elu),
    [2, 4],
    [1, 2, 3],
  ),
  everywhere(
    'thresholdedReLU',
    () => tf.layers.thresholdedReLU({ theta: 0.3 }),
    () => each((v) => (v > 0.3 ? v : 0)),
    [2, 4],
    [1, 2, 3],
  ),
  everywhere(
    'softmax',
    () => tf.layers.softmax({ axis: -1 }),
    (shape) => along(shape, [shape.length - 1], softmax),
    [2, 4],
    [1, 2, 3],
  ),
  batchNormTraining('', both),
  { ...batchNormTraining(' without scale', noScale), unrepaired },
  { ...batchNormTraining(' without centre', noCenter), unrepaired },
  { ...batchNormTraining(' without both', neither), unrepaired },
  batchNormInference('', both),
  batchNormInference(' without scale', noScale),
  batchNormInference(' without centre', noCenter),
  batchNormInference(' without both', neither),
  layerNorm('', both),
  layerNorm(' without scale', noScale),
  layerNorm(' without centre', noCenter),
  layerNorm(' without both', neither),
  layer('layerNormalization of pictures', {
    shape: [2, 2, 2, 3],
    make: () => tf.layers.layerNormalization({ axis: [1, 2, 3] }),
    reference: (x) =>
      scaled(along([2, 2, 2, 3], [1, 2, 3], (v) => normalise(v, 1e-3))(x), 12, both),
  }),
  pooling('maxPooling1d', () => tf.layers.maxPooling1d({ poolSize: 2 }), [2], max, [2, 5, 2]),
  pooling(
    'averagePooling1d',
    () => tf.layers.averagePooling1d({ poolSize: 2 }),
    [2],
    mean,
    [2, 5, 2],
  ),
  pooling('maxPooling2d', () => tf.layers.maxPooling2d({ poolSize: 2 }), [2, 2], max, ...pictures),
  pooling(
    'averagePooling2d',
    () => tf.layers.averagePooling2d({ poolSize: 2 }),
    [2, 2],
    mean,
    ...pictures,
  ),
  pooling(
    'maxPooling3d',
    () => tf.layers.maxPooling3d({ poolSize: 2 }),
    [2, 2, 2],
    max,
    [2, 2, 3, 2, 1],
  ),
  pooling(
    'averagePooling3d',
    () => tf.layers.averagePooling3d({ poolSize: 2 }),
    [2, 2, 2],
    mean,
    [2, 2, 3, 2, 1],
  ),
  globalPooling('globalMaxPooling1d', () => tf.layers.globalMaxPooling1d(), max, [2, 3, 2]),
  globalPooling('globalMaxPooling2d', () => tf.layers.globalMaxPooling2d({}), max, ...pictures),
  globalPooling(
    'globalAveragePooling2d',
    () => tf.layers.globalAveragePooling2d({}),
    mean,
    ...pictures,
  ),
  everywhere(
    'upSampling2d, nearest',
    () => tf.layers.upSampling2d({ size: [2, 2] }),
    ([batch, height, width, channels]) =>
      (x) =>
        indices([batch!, 2 * height!, 2 * width!, channels!]).map(
          ([b, r, k, c]) =>
            x[flat([b!, r! >> 1, k! >> 1, c!], [batch!, height!, width!, channels!])]!,
        ),
    [2, 2, 2, 1],
    [1, 2, 3, 2],
  ),
  everywhere(
    'upSampling2d, bilinear',
    () => tf.layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' }),
    (shape) =>
      bilinearTrial([shape as [number, number, number, number], [2 * shape[1]!, 2 * shape[2]!]], {})
        .reference,
    [2, 2, 2, 1],
    [1, 2, 3, 2],
  ),
  everywhere(
    'zeroPadding2d',
    () => tf.layers.zeroPadding2d({ padding: 1 }),
    ([batch, height, width, channels]) =>
      (x) =>
        indices([batch!, height! + 2, width! + 2, channels!]).map(([b, r, k, c]) => {
          const inside = r! > 0 && r! <= height! && k! > 0 && k! <= width!;
          const shape = [batch!, height!, width!, channels!];
          return inside ? x[flat([b!, r! - 1, k! - 1, c!], shape)]! : 0;
        }),
    [1, 2, 3, 2],
  ),
  {
    name: 'layers.dot',
    trials: [
      [2, 3],
      [1, 4],
    ].map((shape) => ({
      shapes: [shape, shape],
      op: (a, b) => tf.layers.dot({ axes: -1 }).apply([a!, b!]) as tf.Tensor,
      reference: (a, b) =>
        Array.from({ length: shape[0]! }, (_, r) =>
          indices([shape[1]!]).reduce(
            (sum, [c]) => sum + a![r * shape[1]! + c!]! * b![r * shape[1]! + c!]!,
            0,
          ),
        ),
    })),
  },
];
