import * as tf from '@tensorflow/tfjs';
import { type GradientCase, inaccurateWaves, type Trial } from '../gradient-case';
import {
  along,
  each,
  elu,
  erf,
  pairs,
  reduced,
  relu,
  selu,
  sigmoid,
  softmax,
  softplus,
  total,
} from '../references';

const geluTanh = (v: number) =>
  0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3)));

/** Ranks 0 to 4, one element and odd numbers of them. */
const everyRank: readonly number[][] = [[], [5], [2, 4], [3, 1, 2], [1, 2, 1, 3]];

/** With rows of one element too. */
const rowShapes: readonly number[][] = [[2, 4], [5], [3, 1], [2, 1, 3], [1, 2, 3, 2]];

const scalar = (
  name: string,
  op: (x: tf.Tensor) => tf.Tensor,
  f: (value: number) => number,
  place?: (value: number) => number,
): GradientCase => ({
  name,
  trials: everyRank.map((shape) => ({
    shapes: [shape],
    op: (x) => op(x!),
    reference: (x) => each(f)(x!),
    ...(place && { place }),
  })),
});

const positive = (value: number) => Math.abs(value) + 0.2;

const byRow = (
  name: string,
  op: (x: tf.Tensor) => tf.Tensor,
  f: (row: number[]) => number[],
): GradientCase => ({
  name,
  trials: rowShapes.map((shape) => {
    const reference = along(shape, [shape.length - 1], f);
    return { shapes: [shape], op: (x) => op(x!), reference: (x) => reference(x!) };
  }),
});

function preluTrial(shape: number[], slopes: number[]): Trial {
  const reference = pairs((v, a) => (v > 0 ? v : a * v), [shape, slopes]);
  return {
    shapes: [shape, slopes],
    op: (x, alpha) => tf.prelu(x!, alpha!),
    reference: (x, alpha) => reference(x!, alpha!),
  };
}

const label = (i: number) => [1, 0, 1, 1, 0, 0][i % 6]!;

const labelsOf = (shape: readonly number[]) =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, (_, i) => label(i)),
    [...shape],
  );

/** softplus(x) − label·x */
const crossEntropy = (v: number, of: number) => softplus(v) - of * v;

function softmaxCrossEntropyTrial(shape: number[]): Trial {
  const classes = shape.at(-1)!;
  // The label of row r is class 2r + 1, modulo their number.
  const isLabel = (i: number) => i % classes === (2 * Math.floor(i / classes) + 1) % classes;
  return {
    shapes: [shape],
    op: (x) => {
      const labels = Float32Array.from({ length: x!.size }, (_, i) => (isLabel(i) ? 1 : 0));
      return tf.losses.softmaxCrossEntropy(tf.tensor(labels, shape), x!);
    },
    reference: (x) => {
      const logs = along(shape, [shape.length - 1], (row) => softmax(row).map(Math.log))(x!);
      const chosen = [...logs].filter((_, i) => isLabel(i));
      return [-total(chosen) / chosen.length];
    },
  };
}

export const activationCases: readonly GradientCase[] = [
  scalar('relu', tf.relu, relu),
  scalar(
    'leakyRelu',
    (x) => tf.leakyRelu(x, 0.2),
    (v) => (v > 0 ? v : 0.2 * v),
  ),
  {
    name: 'prelu, also in its slopes',
    trials: [
      preluTrial([2, 4], [4]),
      preluTrial([3], [3]),
      preluTrial([2, 3, 2], [1, 2]),
      preluTrial([2, 3, 2, 3], [1, 1, 3]),
      preluTrial([1, 2, 3, 1], [2, 3, 1]),
    ],
  },
  scalar('elu', tf.elu, elu),
  scalar('selu', tf.selu, selu),
  scalar(
    'relu6',
    tf.relu6,
    (v) => Math.min(Math.max(v, 0), 6),
    (v) => 5 * v,
  ),
  scalar('tanh', tf.tanh, Math.tanh),
  scalar('sigmoid', tf.sigmoid, sigmoid),
  scalar('logSigmoid', tf.logSigmoid, (v) => -softplus(-v)),
  scalar('softplus', tf.softplus, softplus),
  scalar(
    'swish: x·sigmoid(x)',
    (x) => tf.mul(x, tf.sigmoid(x)),
    (v) => v * sigmoid(v),
  ),
  scalar(
    'mish: x·tanh(softplus(x))',
    (x) => tf.mul(x, tf.tanh(tf.softplus(x))),
    (v) => v * Math.tanh(softplus(v)),
  ),
  scalar(
    'GELU: x·(1 + erf(x/√2))/2',
    (x) => tf.mul(tf.div(x, 2), tf.add(1, tf.erf(tf.div(x, Math.SQRT2)))),
    (v) => (v / 2) * (1 + erf(v / Math.SQRT2)),
  ),
  scalar(
    'GELU by tanh',
    (x) => {
      const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.pow(x, 3))));
      return tf.mul(tf.div(x, 2), tf.add(1, tf.tanh(inner)));
    },
    geluTanh,
  ),
  scalar(
    'softsign: x/(1 + |x|)',
    (x) => tf.div(x, tf.add(1, tf.abs(x))),
    (v) => v / (1 + Math.abs(v)),
  ),
  scalar('exp', tf.exp, Math.exp),
  scalar('expm1', tf.expm1, Math.expm1),
  scalar('erf', tf.erf, erf),
  scalar('log', tf.log, Math.log, positive),
  scalar('log1p', tf.log1p, Math.log1p, positive),
  scalar('sqrt', tf.sqrt, Math.sqrt, positive),
  scalar('rsqrt', tf.rsqrt, (v) => 1 / Math.sqrt(v), positive),
  scalar('square', tf.square, (v) => v * v),
  scalar('abs', tf.abs, Math.abs),
  scalar('reciprocal', tf.reciprocal, (v) => 1 / v, positive),
  { ...scalar('sin', tf.sin, Math.sin), unreliable: inaccurateWaves },
  scalar('neg', tf.neg, (v) => -v),
  { ...scalar('cos', tf.cos, Math.cos), unreliable: inaccurateWaves },
  { ...scalar('tan', tf.tan, Math.tan, (v) => v / 2), unreliable: inaccurateWaves },
  scalar('asin', tf.asin, Math.asin, (v) => v / 2),
  scalar('acos', tf.acos, Math.acos, (v) => v / 2),
  scalar('atan', tf.atan, Math.atan),
  scalar('sinh', tf.sinh, Math.sinh),
  scalar('cosh', tf.cosh, Math.cosh),
  scalar('asinh', tf.asinh, Math.asinh),
  scalar('acosh', tf.acosh, Math.acosh, (v) => 1.5 + Math.abs(v)),
  scalar('atanh', tf.atanh, Math.atanh, (v) => v / 2),
  scalar('floor', tf.floor, Math.floor),
  scalar('ceil', tf.ceil, Math.ceil),
  scalar('round', tf.round, Math.round),
  scalar('sign', tf.sign, Math.sign),
  scalar(
    'step',
    (x) => tf.step(x, 0.25),
    (v) => (v > 0 ? 1 : 0.25),
  ),
  byRow('softmax', tf.softmax, softmax),
  byRow('logSoftmax', tf.logSoftmax, (row) => softmax(row).map(Math.log)),
  {
    name: 'logSumExp',
    trials: (
      [
        [[2, 4], [1]],
        [[5], [0]],
        [[3, 1], [1]],
        [
          [2, 3, 1, 2],
          [1, 3],
        ],
      ] as [number[], number[]][]
    ).map(([shape, axes]) => ({
      shapes: [shape],
      op: (x) => tf.logSumExp(x!, axes),
      reference: (x) => reduced(shape, axes, (v) => Math.log(total(v.map(Math.exp))))(x!),
    })),
  },
  {
    name: 'losses.sigmoidCrossEntropy',
    trials: everyRank.map((shape) => ({
      shapes: [shape],
      op: (x) => tf.losses.sigmoidCrossEntropy(labelsOf(shape), x!),
      reference: (x) => [total([...x!].map((v, i) => crossEntropy(v, label(i)))) / x!.length],
    })),
  },
  {
    name: 'losses.sigmoidCrossEntropy, also in its labels',
    trials: [[2, 4], [3], [1, 2, 3]].map((shape) => ({
      shapes: [shape, shape],
      op: (labels, x) => tf.losses.sigmoidCrossEntropy(labels!, x!),
      reference: (labels, x) => [
        total([...x!].map((v, i) => crossEntropy(v, labels![i]!))) / x!.length,
      ],
    })),
  },
  {
    name: 'losses.softmaxCrossEntropy',
    trials: [
      [2, 4],
      [3, 5],
      [1, 3],
      [2, 2, 3],
    ].map(softmaxCrossEntropyTrial),
  },
];
