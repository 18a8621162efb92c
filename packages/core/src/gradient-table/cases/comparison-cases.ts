import * as tf from '@tensorflow/tfjs';
import type { GradientCase } from '../gradient-case';
import { each, pairs } from '../references';

export const comparisonCases: readonly GradientCase[] = [
  {
    name: 'clipByValue',
    shapes: [[2, 4]],
    op: (x) => tf.clipByValue(x!, -0.5, 1),
    reference: (x) => each((v) => Math.min(Math.max(v, -0.5), 1))(x!),
  },
  {
    name: 'maximum',
    shapes: [[2, 4], [4]],
    op: (a, b) => tf.maximum(a!, b!),
    reference: (a, b) => pairs(Math.max)(a!, b!),
  },
  {
    name: 'minimum',
    shapes: [[2, 4], [4]],
    op: (a, b) => tf.minimum(a!, b!),
    reference: (a, b) => pairs(Math.min)(a!, b!),
  },
  {
    name: 'where(greater(x, 0), …)',
    shapes: [
      [2, 4],
      [2, 4],
    ],
    op: (x, y) => tf.where(tf.greater(x!, 0), tf.square(x!), y!),
    reference: (x, y) => pairs((a, b) => (a > 0 ? a * a : b))(x!, y!),
  },
  {
    name: 'where(logicalAnd(less, logicalNot(lessEqual)), …)',
    shapes: [
      [2, 4],
      [2, 4],
    ],
    op: (x, y) =>
      tf.where(tf.logicalAnd(tf.less(x!, 1), tf.logicalNot(tf.lessEqual(x!, -1))), tf.exp(x!), y!),
    reference: (x, y) => pairs((a, b) => (a < 1 && a > -1 ? Math.exp(a) : b))(x!, y!),
  },
  {
    name: 'mul(x, cast(equal(x, max(x))))',
    shapes: [[7]],
    op: (x) => tf.mul(x!, tf.cast(tf.equal(x!, tf.max(x!)), 'float32')),
    reference: (x) => x!.map((v) => (v === Math.max(...x!) ? v : 0)),
  },
];
