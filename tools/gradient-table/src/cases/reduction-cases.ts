import * as tf from '@tensorflow/tfjs';
import { type GradientCase, inputValues } from '../gradient-case';
import { along, mean, reduced, total, variance } from '../references';

interface Reduction {
  readonly shape: number[];
  readonly axes: number[];
  readonly keep?: boolean;
}

/** Of vectors, inner, outer and several dimensions, of one element, and to a scalar. */
const reductions: readonly Reduction[] = [
  { shape: [3, 4], axes: [1] },
  { shape: [3, 4], axes: [0] },
  { shape: [5], axes: [0] },
  { shape: [3, 1], axes: [1] },
  { shape: [2, 3, 2], axes: [1] },
  { shape: [2, 3, 2, 2], axes: [1, 2], keep: true },
  { shape: [1, 2, 1, 3], axes: [0, 1, 2, 3] },
];

const reduction = (
  name: string,
  op: (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor,
  f: (values: number[]) => number,
): GradientCase => ({
  name,
  trials: reductions.map(({ shape, axes, keep = false }) => ({
    shapes: [shape],
    op: (x) => op(x!, axes, keep),
    reference: (x) => reduced(shape, axes, f)(x!),
  })),
});

/** Whether a running sum at i has what is at j. */
const isBehind = (j: number, i: number, exclusive: boolean, reverse: boolean) =>
  (reverse ? j > i : j < i) || (j === i && !exclusive);

const product = (values: readonly number[]) => values.reduce((a, b) => a * b, 1);

const scan = (
  name: string,
  settings: readonly { readonly shape: number[]; readonly axis: number }[],
  exclusive: boolean,
  reverse: boolean,
): GradientCase => ({
  name,
  trials: settings.map(({ shape, axis }) => ({
    shapes: [shape],
    op: (x) => tf.cumsum(x!, axis, exclusive, reverse),
    reference: (x) =>
      along(shape, [axis], (row) =>
        row.map((_, i) => total(row.filter((__, j) => isBehind(j, i, exclusive, reverse)))),
      )(x!),
  })),
});

export const reductionCases: readonly GradientCase[] = [
  reduction('sum', tf.sum, total),
  reduction('mean', tf.mean, mean),
  reduction('max', tf.max, (values) => Math.max(...values)),
  reduction('min', tf.min, (values) => Math.min(...values)),
  {
    name: 'max, all equal',
    trials: [[3], [2, 2], [2, 1, 3]].map((shape) => ({
      shapes: [shape],
      op: (x) => {
        // Each is x's first element, whose gradient must not be counted as often as it is there.
        const first = tf.slice(tf.reshape(x!, [-1]), 0, 1);
        return tf.mul(tf.max(tf.reshape(tf.tile(first, [x!.size]), shape)), x!);
      },
      reference: (x) => x!.map((v) => v * x![0]!),
    })),
  },
  {
    name: 'norm, euclidean and of absolute values',
    trials: (
      [
        ['euclidean', [3, 4]],
        ['euclidean', [1, 3]],
        [1, [2, 4]],
        [1, [3, 2]],
      ] as const
    ).map(([order, shape]) => ({
      shapes: [shape],
      op: (x) => tf.norm(x!, order, 1),
      reference: (x) =>
        reduced(shape, [1], (row) => (order === 1 ? total(row.map(Math.abs)) : Math.hypot(...row)))(
          x!,
        ),
    })),
  },
  reduction('moments(…).variance', (x, axes, keep) => tf.moments(x, axes, keep).variance, variance),
  scan(
    'cumsum',
    [
      { shape: [3, 4], axis: 1 },
      { shape: [2, 1, 4], axis: 2 },
      { shape: [4, 2], axis: 0 },
    ],
    false,
    false,
  ),
  {
    ...scan(
      'cumsum, exclusive and reverse',
      [
        { shape: [3, 4], axis: 0 },
        { shape: [5], axis: 0 },
        { shape: [2, 3, 2], axis: 1 },
        { shape: [2, 1], axis: 1 },
      ],
      true,
      true,
    ),
    unreliable: { webgpu: 'it takes the shader that it built for another length' },
  },
  {
    name: 'topk(…).values',
    trials: (
      [
        [[3, 4], 2],
        [[5], 1],
        [[2, 2, 3], 3],
        [[1, 1], 1],
      ] as [number[], number][]
    ).map(([shape, k]) => ({
      shapes: [shape],
      op: (x) => tf.topk(x!, k).values,
      reference: (x) => {
        const sorted = along(shape, [shape.length - 1], (row) => row.toSorted((a, b) => b - a))(x!);
        return [...sorted].filter((_, i) => i % shape.at(-1)! < k);
      },
    })),
  },
  reduction('prod', tf.prod, product),
  {
    name: 'prod, with factors that are 0',
    trials: [[5], [1, 4], [3, 3]].map((shape) => {
      const axis = shape.length - 1;
      // 0 at every third place, as of x − its own values there.
      const values = inputValues({ shapes: [shape] })[0]!;
      const offsets = values.map((v, i) => (i % 3 === 1 ? v : 0));
      return {
        shapes: [shape],
        op: (x) => tf.prod(tf.sub(x!, tf.tensor(offsets, shape)), axis),
        reference: (x) => reduced(shape, [axis], product)(x!.map((v, i) => v - offsets[i]!)),
      };
    }),
  },
  {
    name: 'cumprod',
    trials: [
      { shape: [3, 4], axis: 1, exclusive: false, reverse: false },
      { shape: [5], axis: 0, exclusive: true, reverse: false },
      { shape: [2, 3, 2], axis: 1, exclusive: false, reverse: true },
      { shape: [4, 2], axis: 0, exclusive: true, reverse: true },
      { shape: [2, 1], axis: 1, exclusive: true, reverse: false },
    ].map(({ shape, axis, exclusive, reverse }) => ({
      shapes: [shape],
      op: (x) => tf.cumprod(x!, axis, exclusive, reverse),
      reference: (x) =>
        along(shape, [axis], (row) =>
          row.map((_, i) => product(row.filter((__, j) => isBehind(j, i, exclusive, reverse)))),
        )(x!),
    })),
  },
];
