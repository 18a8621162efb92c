import * as tf from '@tensorflow/tfjs';
import type { GradientCase } from '../gradient-case';
import { each, erf, pairs, rows, sigmoid, softmax, softplus } from '../references';

const elu = (v: number) => (v > 0 ? v : Math.expm1(v));
const [seluScale, seluScaleAlpha] = [1.0507009873554805, 1.7580993408473768];

const geluTanh = (v: number) =>
  0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3)));

const scalar = (
  name: string,
  op: (x: tf.Tensor) => tf.Tensor,
  f: (value: number) => number,
  place?: (value: number) => number,
): GradientCase => ({
  name,
  shapes: [[2, 4]],
  op: (x) => op(x!),
  reference: (x) => each(f)(x!),
  ...(place && { place }),
});

const positive = (value: number) => Math.abs(value) + 0.2;

export const activationCases: readonly GradientCase[] = [
  scalar('relu', tf.relu, (v) => Math.max(v, 0)),
  scalar(
    'leakyRelu',
    (x) => tf.leakyRelu(x, 0.2),
    (v) => (v > 0 ? v : 0.2 * v),
  ),
  {
    name: 'prelu, also in its slopes',
    shapes: [[2, 4], [4]],
    op: (x, alpha) => tf.prelu(x!, alpha!),
    reference: (x, alpha) => pairs((v, a) => (v > 0 ? v : a * v))(x!, alpha!),
  },
  scalar('elu', tf.elu, elu),
  scalar('selu', tf.selu, (v) => (v > 0 ? seluScale * v : seluScaleAlpha * Math.expm1(v))),
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
  scalar('sin', tf.sin, Math.sin),
  {
    name: 'pow, also in the exponent',
    shapes: [
      [2, 3],
      [2, 3],
    ],
    op: (x, y) => tf.pow(x!, y!),
    reference: (x, y) => pairs(Math.pow)(x!, y!),
    place: (value, input) => (input === 0 ? positive(value) : value),
  },
  {
    name: 'softmax',
    shapes: [[2, 4]],
    op: (x) => tf.softmax(x!),
    reference: (x) => rows(4, softmax)(x!),
  },
  {
    name: 'logSoftmax',
    shapes: [[2, 4]],
    op: (x) => tf.logSoftmax(x!),
    reference: (x) => rows(4, (row) => softmax(row).map(Math.log))(x!),
  },
  {
    name: 'logSumExp',
    shapes: [[2, 4]],
    op: (x) => tf.logSumExp(x!, 1),
    reference: (x) => rows(4, (row) => [Math.log(row.map(Math.exp).reduce((a, b) => a + b))])(x!),
  },
  {
    name: 'losses.sigmoidCrossEntropy',
    shapes: [[2, 4]],
    op: (x) => tf.losses.sigmoidCrossEntropy(tf.tensor2d([1, 0, 1, 1, 0, 0, 1, 0], [2, 4]), x!),
    reference: (x) => {
      const labels = [1, 0, 1, 1, 0, 0, 1, 0];
      return [x!.reduce((sum, v, i) => sum + softplus(v) - labels[i]! * v, 0) / 8];
    },
  },
  {
    name: 'losses.softmaxCrossEntropy',
    shapes: [[2, 4]],
    op: (x) => tf.losses.softmaxCrossEntropy(tf.tensor2d([0, 1, 0, 0, 0, 0, 0, 1], [2, 4]), x!),
    reference: (x) => [
      -(
        Math.log(softmax([...x!.subarray(0, 4)])[1]!) + Math.log(softmax([...x!.subarray(4)])[3]!)
      ) / 2,
    ],
  },
];
