import * as tf from '@tensorflow/tfjs';
import type { GradientCase } from '../gradient-case';
import {
  convolve,
  convolveDepthwise,
  each,
  erf,
  indices,
  mean,
  normalise,
  pooled,
  product,
  rows,
  sigmoid,
  softmax,
  softplus,
} from '../references';

const wave = (count: number, phase: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(phase + 1.9 * i));

/** A layer with its weights filled by waves. */
function withWeights<T extends tf.layers.Layer>(layer: T, inputShape: number[]): T {
  layer.build([null, ...inputShape.slice(1)]);
  tf.tidy(() =>
    layer.setWeights(
      layer.getWeights().map(({ shape, size }, i) => tf.tensor(wave(size, 1 + i), shape)),
    ),
  );
  return layer;
}

function layer(
  name: string,
  shape: number[],
  make: () => tf.layers.Layer,
  reference: (x: Float64Array) => ArrayLike<number>,
): GradientCase {
  // One for each backend, as a variable lives on the one that made it.
  const made = new Map<string, tf.layers.Layer>();
  return {
    name: `layers.${name}`,
    shapes: [shape],
    op: (x) => {
      const backend = tf.getBackend();
      const ready = made.get(backend) ?? withWeights(make(), shape);
      made.set(backend, ready);
      return ready.apply(x!, { training: true }) as tf.Tensor;
    },
    reference: (x) => reference(x!),
  };
}

const activations = {
  relu: (v: number) => Math.max(v, 0),
  elu: (v: number) => (v > 0 ? v : Math.expm1(v)),
  tanh: Math.tanh,
  sigmoid,
  hardSigmoid: (v: number) => Math.min(1, Math.max(0, 0.2 * v + 0.5)),
  swish: (v: number) => v * sigmoid(v),
  gelu: (v: number) => (v / 2) * (1 + erf(v / Math.SQRT2)),
  mish: (v: number) => v * Math.tanh(softplus(v)),
} as const;

type Activation = keyof typeof activations;

const dense = (activation: Activation): GradientCase =>
  layer(
    `dense, ${activation}`,
    [2, 3],
    () => tf.layers.dense({ units: 2, activation }),
    (x) => {
      const bias = wave(2, 2);
      const f = activations[activation];
      return product(x, wave(6, 1), 3).map((v, i) => f(v + bias[i % 2]!));
    },
  );

const picture: [number, number, number, number] = [1, 4, 4, 2];

const convolution = (activation: 'relu' | 'tanh'): GradientCase =>
  layer(
    `conv2d, ${activation}`,
    picture,
    () => tf.layers.conv2d({ filters: 2, kernelSize: 3, strides: 2, padding: 'same', activation }),
    (x) => {
      const bias = wave(2, 2);
      const filter = Float64Array.from(wave(36, 1));
      const f = activations[activation];
      return convolve(picture, [3, 3, 2, 2], { stride: 2 })(x, filter).map((v, i) =>
        f(v + bias[i % 2]!),
      );
    },
  );

/** Normalised over the batch, column by column. */
function batchNormalised(x: Float64Array, columns: number, affine = true): number[] {
  const gamma = affine ? wave(columns, 1) : new Float32Array(columns).fill(1);
  const beta = affine ? wave(columns, 2) : new Float32Array(columns);
  const normal = Array.from({ length: columns }, (_, c) =>
    normalise(
      Array.from(x).filter((__, i) => i % columns === c),
      1e-3,
    ),
  );
  return Array.from(x, (_, i) => {
    const c = i % columns;
    return normal[c]![Math.floor(i / columns)]! * gamma[c]! + beta[c]!;
  });
}

export const layerCases: readonly GradientCase[] = [
  ...(Object.keys(activations) as Activation[]).map(dense),
  convolution('relu'),
  convolution('tanh'),
  layer(
    'conv2d, dilated',
    picture,
    () =>
      tf.layers.conv2d({
        filters: 2,
        kernelSize: 2,
        dilationRate: 2,
        padding: 'same',
        useBias: false,
      }),
    (x) => convolve(picture, [2, 2, 2, 2], { dilation: 2 })(x, Float64Array.from(wave(16, 1))),
  ),
  layer(
    'depthwiseConv2d',
    picture,
    () => tf.layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', useBias: false }),
    (x) => convolveDepthwise(picture, [3, 3, 2, 1])(x, Float64Array.from(wave(18, 1))),
  ),
  layer(
    'leakyReLU',
    [2, 4],
    () => tf.layers.leakyReLU({ alpha: 0.1 }),
    each((v) => (v > 0 ? v : 0.1 * v)),
  ),
  layer('softmax', [2, 4], () => tf.layers.softmax(), rows(4, softmax)),
  layer(
    'batchNormalization, training',
    [4, 2],
    () => tf.layers.batchNormalization(),
    (x) => batchNormalised(x, 2),
  ),
  {
    ...layer(
      'batchNormalization without scale, training',
      [4, 2],
      () => tf.layers.batchNormalization({ scale: false, center: false }),
      (x) => batchNormalised(x, 2, false),
    ),
    unrepaired: 'TensorFlow.js puts the missing scale on the tape; train with a scale',
  },
  layer(
    'layerNormalization',
    [2, 4],
    () => tf.layers.layerNormalization(),
    (x) => {
      const [gamma, beta] = [wave(4, 1), wave(4, 2)];
      return rows(4, (row) => normalise(row, 1e-3).map((v, i) => v * gamma[i]! + beta[i]!))(x);
    },
  ),
  layer(
    'maxPooling2d',
    picture,
    () => tf.layers.maxPooling2d({ poolSize: 2 }),
    pooled(picture, [2, 2], { stride: 2, pad: 'valid' }, (v) => Math.max(...v)),
  ),
  layer(
    'averagePooling2d',
    picture,
    () => tf.layers.averagePooling2d({ poolSize: 2 }),
    pooled(picture, [2, 2], { stride: 2, pad: 'valid' }, mean),
  ),
  layer(
    'globalMaxPooling2d',
    picture,
    () => tf.layers.globalMaxPooling2d({}),
    pooled(picture, [4, 4], { stride: 4, pad: 'valid' }, (v) => Math.max(...v)),
  ),
  layer(
    'upSampling2d, nearest',
    [2, 2, 2, 1],
    () => tf.layers.upSampling2d({ size: [2, 2] }),
    (x) => indices([2, 4, 4]).map(([b, r, c]) => x[4 * b! + 2 * (r! >> 1) + (c! >> 1)]!),
  ),
];
