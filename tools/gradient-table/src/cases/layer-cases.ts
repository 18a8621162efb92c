import * as tf from '@tensorflow/tfjs';
import type { GradientCase } from '../gradient-case';
import {
  along,
  biased,
  convolve,
  convolveDepthwise,
  convolveTransposed,
  each,
  elu,
  erf,
  flat,
  indices,
  mean,
  normalize,
  pairs,
  pooled,
  product,
  relu,
  scaled,
  selu,
  sigmoid,
  softmax,
  softplus,
} from '../references';
import { type LayerSetting, layerTrial } from './layer-trial';
import { bilinearTrial } from './picture-cases';

const layer = (name: string, ...settings: LayerSetting[]): GradientCase => ({
  name: `layers.${name}`,
  trials: settings.map(layerTrial),
});

/** A layer without weights that does not depend on the shape otherwise. */
const everywhere = (
  name: string,
  make: () => tf.layers.Layer,
  reference: (shape: number[]) => (x: Float64Array) => ArrayLike<number>,
  ...shapes: number[][]
): GradientCase =>
  layer(
    name,
    ...shapes.map((shape): LayerSetting => ({
      shapes: [shape],
      make,
      reference: reference(shape),
    })),
  );

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

/** A dense layer with its kernel and bias; `activate` is told the shape of what it gets. */
const denseOf = (
  activation: 'softmax' | 'logSoftmax' | Activation,
  activate: (shape: number[]) => (x: Float64Array) => ArrayLike<number>,
): GradientCase =>
  layer(
    `dense, ${activation}`,
    ...[
      { shape: [2, 3], units: 2 },
      { shape: [1, 4], units: 3 },
      { shape: [2, 2, 3], units: 1 },
    ].map(({ shape, units }): LayerSetting => {
      const inputs = shape.at(-1)!;
      const activated = activate([...shape.slice(0, -1), units]);
      return {
        shapes: [shape, [inputs, units], [units]],
        make: () => tf.layers.dense({ units, activation: activation as Activation }),
        reference: (x, kernel, bias) =>
          activated(Float64Array.from(biased(product(x, kernel!, inputs), bias))),
      };
    }),
  );

const dense = (activation: Activation) => denseOf(activation, () => each(activations[activation]));

const alongLast = (f: (values: number[]) => ArrayLike<number>) => (shape: number[]) =>
  along(shape, [shape.length - 1], f);

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
    ...settings.map((setting): LayerSetting => {
      const { shape, filters, kernel, stride = 1, dilation = 1, pad = 'same' } = setting;
      const filterShape = [...kernel, shape[3]!, filters];
      const convolved = convolve(shape, filterShape, { stride, dilation, pad });
      const f = activation === 'linear' ? (v: number) => v : activations[activation];
      return {
        shapes: [shape, filterShape, [filters]],
        make: () =>
          tf.layers.conv2d({
            filters,
            kernelSize: kernel,
            strides: stride,
            dilationRate: dilation,
            padding: pad,
            activation,
          }),
        reference: (x, filter, bias) => biased(convolved(x, filter!), bias).map(f),
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
    ].map((shape): LayerSetting => ({
      shapes: [shape, [3, shape[2]!, 3], [3]],
      make: () =>
        tf.layers.conv1d({
          filters: 3,
          kernelSize: 3,
          padding: 'same',
          dilationRate: dilation,
          activation,
        }),
      reference: (x, filter, bias) => {
        const y = convolve(shape, [3, shape[2]!, 3], { dilation })(x, filter!);
        return biased(y, bias).map(activation === 'tanh' ? Math.tanh : Number);
      },
    })),
  );

const allButLast = (shape: readonly number[]) => shape.slice(0, -1).map((_, d) => d);

interface Affine {
  readonly scale: boolean;
  readonly center: boolean;
}

/** The shapes of γ and β, as far as they are there. */
const affineShapes = ({ scale, center }: Affine, shape: number[]): number[][] =>
  Array.from({ length: Number(scale) + Number(center) }, () => shape);

/** γ·x̂ + β with the weights that are there. */
const affine = (
  x: ArrayLike<number>,
  weights: readonly Float64Array[],
  { scale, center }: Affine,
): number[] => scaled(x, scale ? weights[0] : undefined, center ? weights.at(-1) : undefined);

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
    ...batchShapes.map((shape): LayerSetting => ({
      shapes: [shape, ...affineShapes(options, shape.slice(-1))],
      make: () => tf.layers.batchNormalization({ ...options }),
      reference: (x, ...weights) =>
        affine(along(shape, allButLast(shape), (v) => normalize(v, 1e-3))(x), weights, options),
    })),
  );

/** By the moving statistics: a mean of 1.5 and a variance of 0.5. */
const batchNormInference = (name: string, options: Affine): GradientCase =>
  layer(
    `batchNormalization${name}, not training`,
    ...batchShapes.map((shape): LayerSetting => ({
      shapes: [shape, ...affineShapes(options, shape.slice(-1))],
      training: false,
      make: () => tf.layers.batchNormalization({ ...options }),
      prepare: (built) => {
        const weights = built.getWeights();
        const statistics = [1.5, 0.5].map((value) => tf.fill([shape.at(-1)!], value));
        built.setWeights([...weights.slice(0, -2), ...statistics]);
      },
      reference: (x, ...weights) =>
        affine(
          x.map((v) => (v - 1.5) / Math.sqrt(0.5 + 1e-3)),
          weights,
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
    ].map((shape): LayerSetting => ({
      shapes: [shape, ...affineShapes(options, shape.slice(-1))],
      make: () => tf.layers.layerNormalization({ ...options }),
      reference: (x, ...weights) =>
        affine(alongLast((v) => normalize(v, 1e-3))(shape)(x), weights, options),
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
  denseOf('softmax', alongLast(softmax)),
  denseOf(
    'logSoftmax',
    alongLast((row) => softmax(row).map(Math.log)),
  ),
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
  layer(
    'conv2dTranspose',
    ...[
      { shape: [1, 2, 3, 2], filters: 3, kernel: 4, stride: 2 },
      { shape: [2, 3, 2, 1], filters: 2, kernel: 3, stride: 1 },
    ].map(({ shape, filters, kernel, stride }): LayerSetting => {
      const [batch, height, width, channels] = shape as [number, number, number, number];
      const filter = [kernel, kernel, filters, channels];
      const transposed = convolveTransposed(
        [batch, stride * height, stride * width, filters],
        filter,
        { stride },
      );
      return {
        shapes: [shape, filter, [filters]],
        make: () =>
          tf.layers.conv2dTranspose({
            filters,
            kernelSize: kernel,
            strides: stride,
            padding: 'same',
          }),
        reference: (x, weights, bias) => biased(transposed(x, weights!), bias),
      };
    }),
  ),
  layer(
    'depthwiseConv2d',
    ...[1, 2].map((depthMultiplier): LayerSetting => ({
      shapes: [picture, [3, 3, 2, depthMultiplier]],
      make: () =>
        tf.layers.depthwiseConv2d({
          kernelSize: 3,
          depthMultiplier,
          padding: 'same',
          useBias: false,
        }),
      reference: (x, filter) => convolveDepthwise(picture, [3, 3, 2, depthMultiplier])(x, filter!),
    })),
  ),
  layer(
    'separableConv2d',
    ...pictures.map((shape): LayerSetting => {
      const channels = shape[3]!;
      const depthwise = [3, 3, channels, 1];
      return {
        shapes: [shape, depthwise, [1, 1, channels, 3], [3]],
        make: () => tf.layers.separableConv2d({ filters: 3, kernelSize: 3, padding: 'same' }),
        reference: (x, deep, across, bias) =>
          biased(product(convolveDepthwise(shape, depthwise)(x, deep!), across!, channels), bias),
      };
    }),
  ),
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
      shapes: [shape, slopes],
      make: () => tf.layers.prelu(sharedAxes ? { sharedAxes } : {}),
      reference: (x, alpha) => pairs((v, a) => (v > 0 ? v : a * v), [shape, slopes])(x, alpha!),
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
    alongLast(softmax),
    [2, 4],
    [1, 2, 3],
  ),
  batchNormTraining('', both),
  { ...batchNormTraining(' without scale', noScale), unrepaired },
  { ...batchNormTraining(' without center', noCenter), unrepaired },
  { ...batchNormTraining(' without both', neither), unrepaired },
  batchNormInference('', both),
  batchNormInference(' without scale', noScale),
  batchNormInference(' without center', noCenter),
  batchNormInference(' without both', neither),
  layerNorm('', both),
  layerNorm(' without scale', noScale),
  layerNorm(' without center', noCenter),
  layerNorm(' without both', neither),
  layer(
    'layerNormalization of pictures',
    ...[
      [2, 2, 2, 3],
      [1, 3, 2, 1],
    ].map((shape): LayerSetting => ({
      shapes: [shape, ...affineShapes(both, shape.slice(1))],
      make: () => tf.layers.layerNormalization({ axis: [1, 2, 3] }),
      reference: (x, ...weights) =>
        affine(along(shape, [1, 2, 3], (v) => normalize(v, 1e-3))(x), weights, both),
    })),
  ),
  pooling(
    'maxPooling1d',
    () => tf.layers.maxPooling1d({ poolSize: 2 }),
    [2],
    max,
    [2, 5, 2],
    [1, 4, 1],
  ),
  pooling(
    'averagePooling1d',
    () => tf.layers.averagePooling1d({ poolSize: 2 }),
    [2],
    mean,
    [2, 5, 2],
    [1, 4, 1],
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
    [1, 2, 2, 4, 2],
  ),
  pooling(
    'averagePooling3d',
    () => tf.layers.averagePooling3d({ poolSize: 2 }),
    [2, 2, 2],
    mean,
    [2, 2, 3, 2, 1],
    [1, 2, 2, 4, 2],
  ),
  globalPooling(
    'globalMaxPooling1d',
    () => tf.layers.globalMaxPooling1d(),
    max,
    [2, 3, 2],
    [1, 4, 1],
  ),
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
    [2, 1, 2, 1],
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
