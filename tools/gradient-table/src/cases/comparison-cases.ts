import * as tf from '@tensorflow/tfjs';
import type { GradientCase } from '../gradient-case';
import { each } from '../references';
import { ofTwo, type Shapes } from './broadcast-cases';

const same: readonly Shapes[] = [
  [
    [2, 4],
    [2, 4],
  ],
  [[5], [5]],
  [
    [2, 1, 1, 3],
    [2, 1, 1, 3],
  ],
];

export const comparisonCases: readonly GradientCase[] = [
  {
    name: 'clipByValue',
    trials: [[], [5], [2, 4], [3, 1, 3], [1, 2, 1, 3]].map((shape) => ({
      shapes: [shape],
      op: (x) => tf.clipByValue(x!, -0.5, 1),
      reference: (x) => each((v) => Math.min(Math.max(v, -0.5), 1))(x!),
    })),
  },
  ofTwo(
    'where(greater(x, 0), …)',
    (x, y) => tf.where(tf.greater(x, 0), tf.square(x), y),
    (a, b) => (a > 0 ? a * a : b),
    { shapes: same },
  ),
  ofTwo(
    'where(logicalAnd(less, logicalNot(lessEqual)), …)',
    (x, y) =>
      tf.where(tf.logicalAnd(tf.less(x, 1), tf.logicalNot(tf.lessEqual(x, -1))), tf.exp(x), y),
    (a, b) => (a < 1 && a > -1 ? Math.exp(a) : b),
    { shapes: same },
  ),
  {
    name: 'mul(x, cast(equal(x, max(x))))',
    trials: [[7], [1], [2, 3, 2]].map((shape) => ({
      shapes: [shape],
      op: (x) => tf.mul(x!, tf.cast(tf.equal(x!, tf.max(x!)), 'float32')),
      reference: (x) => x!.map((v) => (v === Math.max(...x!) ? v : 0)),
    })),
  },
];
