import * as tf from '@tensorflow/tfjs';
import type { GradientCase, Trial } from '../gradient-case';
import { along, mean, normalize, total } from '../references';

/** (x − mean)/√(variance + ε) over the given dimensions. */
function standardize(x: tf.Tensor, axes: number[], epsilon: number): tf.Tensor {
  const { mean: center, variance } = tf.moments(x, axes, true);
  return tf.div(tf.sub(x, center), tf.sqrt(tf.add(variance, epsilon)));
}

const byMoments = (name: string, settings: readonly [number[], number[]][]): GradientCase => ({
  name: `${name} by moments`,
  trials: settings.map(([shape, axes]) => ({
    shapes: [shape],
    op: (x) => standardize(x!, axes, 0.01),
    reference: (x) => along(shape, axes, (values) => normalize(values, 0.01))(x!),
  })),
});

type Part = 'offset' | 'scale';

/** By given statistics. The absent ones of offset and scale are 0 and 1. */
function batchNormTrial(shape: number[], parts: readonly Part[]): Trial {
  const channels = shape.at(-1)!;
  const place = (part: Part) => 3 + parts.indexOf(part);
  const has = (part: Part) => parts.includes(part);
  return {
    shapes: [shape, [channels], [channels], ...parts.map(() => [channels])],
    op: (...inputs) => {
      const [x, m, v] = inputs as [tf.Tensor, tf.Tensor1D, tf.Tensor1D];
      const part = (which: Part) =>
        has(which) ? (inputs[place(which)] as tf.Tensor1D) : undefined;
      return tf.batchNorm(x, m, v, part('offset'), part('scale'), 0.1);
    },
    reference: (...inputs) => {
      const [x, m, v] = inputs as [Float64Array, Float64Array, Float64Array];
      const of = (part: Part, c: number, absent: number) =>
        has(part) ? inputs[place(part)]![c]! : absent;
      return x.map((value, i) => {
        const c = i % channels;
        const standard = (value - m[c]!) / Math.sqrt(v[c]! + 0.1);
        return standard * of('scale', c, 1) + of('offset', c, 0);
      });
    },
    place: (value, input) => (input === 2 ? Math.abs(value) + 0.2 : value),
  };
}

const batchNormShapes = [
  [4, 2],
  [1, 3],
  [2, 3, 2],
  [2, 2, 3, 2],
  [3, 1, 2, 1],
];

const batchNorm = (name: string, parts: readonly Part[]): GradientCase => ({
  name,
  trials: batchNormShapes.map((shape) => batchNormTrial(shape, parts)),
});

export const normalizationCases: readonly GradientCase[] = [
  batchNorm('batchNorm, also in its statistics, offset and scale', ['offset', 'scale']),
  batchNorm('batchNorm without scale', ['offset']),
  batchNorm('batchNorm without offset', ['scale']),
  batchNorm('batchNorm without both', []),
  byMoments('batch norm', [
    [[4, 2], [0]],
    [[3, 1], [0]],
    [
      [3, 2, 2],
      [0, 1],
    ],
    [
      [2, 2, 3, 2],
      [0, 1, 2],
    ],
    [
      [1, 2, 3, 1],
      [0, 1, 2],
    ],
  ]),
  byMoments('layer norm', [
    [[2, 4], [1]],
    [[3, 2, 3], [2]],
    [
      [2, 2, 1, 3],
      [1, 2, 3],
    ],
    [[1, 5], [1]],
  ]),
  byMoments('instance norm', [
    [
      [2, 2, 2, 1],
      [1, 2],
    ],
    [
      [2, 3, 2, 3],
      [1, 2],
    ],
    [
      [1, 1, 5, 2],
      [1, 2],
    ],
  ]),
  {
    name: 'localResponseNormalization',
    trials: [
      { shape: [2, 2, 1, 5], radius: 1 },
      { shape: [1, 2, 2, 3], radius: 5 },
      { shape: [2, 1, 4], radius: 2 },
      { shape: [1, 3, 1, 1], radius: 1 },
    ].map(({ shape, radius }) => ({
      shapes: [shape],
      op: (x) => tf.localResponseNormalization(x as tf.Tensor4D, radius, 1.3, 0.8, 0.6),
      reference: (x) =>
        along(shape, [shape.length - 1], (row) =>
          row.map((v, i) => {
            const near = row.slice(Math.max(0, i - radius), i + radius + 1);
            return v * (1.3 + 0.8 * total(near.map((w) => w * w))) ** -0.6;
          }),
        )(x!),
    })),
  },
  {
    name: 'RMS norm (pixel norm)',
    trials: [[2, 4], [5], [1, 2, 2, 3], [3, 1]].map((shape) => ({
      shapes: [shape],
      op: (x) => tf.mul(x!, tf.rsqrt(tf.add(tf.mean(tf.square(x!), -1, true), 0.01))),
      reference: (x) =>
        along(shape, [shape.length - 1], (row) => {
          const size = Math.sqrt(mean(row.map((v) => v * v)) + 0.01);
          return row.map((v) => v / size);
        })(x!),
    })),
  },
];
