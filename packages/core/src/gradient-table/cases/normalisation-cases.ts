import * as tf from '@tensorflow/tfjs';
import type { GradientCase } from '../gradient-case';
import { mean, normalise, rows } from '../references';

/** (x − mean)/√(variance + ε) over the given dimensions, as instance and layer norms do it. */
function standardise(x: tf.Tensor, axes: number[], epsilon: number): tf.Tensor {
  const { mean: centre, variance } = tf.moments(x, axes, true);
  return tf.div(tf.sub(x, centre), tf.sqrt(tf.add(variance, epsilon)));
}

export const normalisationCases: readonly GradientCase[] = [
  {
    name: 'batchNorm, also in its statistics, scale and offset',
    shapes: [[4, 2], [2], [2], [2], [2]],
    op: (x, m, v, offset, scale) =>
      tf.batchNorm(
        x!,
        m as tf.Tensor1D,
        v as tf.Tensor1D,
        offset as tf.Tensor1D,
        scale as tf.Tensor1D,
        0.1,
      ),
    reference: (x, m, v, offset, scale) =>
      x!.map(
        (value, i) =>
          ((value - m![i % 2]!) / Math.sqrt(v![i % 2]! + 0.1)) * scale![i % 2]! + offset![i % 2]!,
      ),
    place: (value, input) => (input === 2 ? Math.abs(value) + 0.2 : value),
  },
  {
    name: 'layer norm by moments',
    shapes: [[2, 4]],
    op: (x) => standardise(x!, [1], 0.01),
    reference: (x) => rows(4, (row) => normalise(row, 0.01))(x!),
  },
  {
    name: 'instance norm by moments',
    shapes: [[2, 2, 2, 1]],
    op: (x) => standardise(x!, [1, 2], 0.01),
    reference: (x) => rows(4, (row) => normalise(row, 0.01))(x!),
  },
  {
    name: 'RMS norm (pixel norm)',
    shapes: [[2, 4]],
    op: (x) => tf.mul(x!, tf.rsqrt(tf.add(tf.mean(tf.square(x!), -1, true), 0.01))),
    reference: (x) =>
      rows(4, (row) => {
        const size = Math.sqrt(mean(row.map((v) => v * v)) + 0.01);
        return row.map((v) => v / size);
      })(x!),
  },
];
