import * as tf from '@tensorflow/tfjs';
import type { GradientCase } from '../gradient-case';
import { mean, rows } from '../references';

const byRow = (
  name: string,
  op: (x: tf.Tensor) => tf.Tensor,
  f: (row: number[]) => ArrayLike<number>,
): GradientCase => ({
  name,
  shapes: [[3, 4]],
  op: (x) => op(x!),
  reference: (x) => rows(4, f)(x!),
});

/** Columns of a matrix with 4 of them. */
const columns = (x: Float64Array) =>
  [0, 1, 2, 3].map((c) => Array.from(x).filter((_, i) => i % 4 === c));

export const reductionCases: readonly GradientCase[] = [
  byRow(
    'sum',
    (x) => tf.sum(x, 1),
    (row) => [row.reduce((a, b) => a + b)],
  ),
  byRow(
    'mean',
    (x) => tf.mean(x, 1),
    (row) => [mean(row)],
  ),
  byRow(
    'max',
    (x) => tf.max(x, 1),
    (row) => [Math.max(...row)],
  ),
  byRow(
    'min',
    (x) => tf.min(x, 1),
    (row) => [Math.min(...row)],
  ),
  {
    name: 'max over the first dimension',
    shapes: [[3, 4]],
    op: (x) => tf.max(x!, 0),
    reference: (x) => columns(x!).map((column) => Math.max(...column)),
  },
  {
    name: 'max, three equal ones',
    shapes: [[3]],
    op: (x) => {
      // Each of the three is x's first element, whose gradient must not be counted three times.
      const same = tf.tile(tf.slice(x!, 0, 1), [3]);
      return tf.mul(tf.max(same), x!);
    },
    reference: (x) => x!.map((v) => v * x![0]!),
  },
  byRow(
    'norm',
    (x) => tf.norm(x, 'euclidean', 1),
    (row) => [Math.hypot(...row)],
  ),
  byRow(
    'moments(…).variance',
    (x) => tf.moments(x, 1).variance,
    (row) => [mean(row.map((v) => (v - mean(row)) ** 2))],
  ),
  byRow(
    'cumsum',
    (x) => tf.cumsum(x, 1),
    (row) => row.map((_, i) => row.slice(0, i + 1).reduce((a, b) => a + b)),
  ),
  {
    name: 'cumsum over the first dimension, exclusive and reverse',
    unreliableOnWebgpu: 'it takes the shader that it built for another length',
    shapes: [[3, 4]],
    op: (x) => tf.cumsum(x!, 0, true, true),
    reference: (x) =>
      x!.map((_, i) => x!.reduce((sum, v, j) => sum + (j > i && j % 4 === i % 4 ? v : 0), 0)),
  },
  byRow(
    'topk(…).values',
    (x) => tf.topk(x, 2).values,
    (row) => row.toSorted((a, b) => b - a).slice(0, 2),
  ),
  {
    ...byRow(
      'prod',
      (x) => tf.prod(x, 1),
      (row) => [row.reduce((a, b) => a * b)],
    ),
    unrepaired: 'its gradient needs one of cumprod, which is not there; use exp(Σ log x)',
  },
];
