import * as tf from '@tensorflow/tfjs';
import type { GradientCase } from '../gradient-case';
import { flat, indices, moved, transposition } from '../references';

/** The input's shape, the operation, and where its outputs come from. */
type Move = readonly [number[], (x: tf.Tensor) => tf.Tensor, number[]];

const moving = (name: string, ...moves: Move[]): GradientCase => ({
  name,
  trials: moves.map(([shape, op, places]) => ({
    shapes: [shape],
    op: (x) => op(x!),
    reference: (x) => moved(places)(x!),
  })),
});

/** The places in `shape` of an output of the given sizes. */
const from = (shape: number[], sizes: number[], source: (index: number[]) => number[]): number[] =>
  indices(sizes).map((index) => flat(source(index), shape));

const transposing = (shape: number[], order: number[]): Move => [
  shape,
  (x) => tf.transpose(x, order),
  transposition(shape, order),
];

const slicing = (shape: number[], begin: number[], size: number[]): Move => [
  shape,
  (x) => tf.slice(x, begin, size),
  from(shape, size, (index) => index.map((i, d) => i + begin[d]!)),
];

const reversing = (shape: number[], axes: number[]): Move => [
  shape,
  (x) => tf.reverse(x, axes),
  from(shape, shape, (index) => index.map((i, d) => (axes.includes(d) ? shape[d]! - 1 - i : i))),
];

const gathering = (shape: number[], picked: number[], axis: number): Move => [
  shape,
  (x) => tf.gather(x, tf.tensor1d(picked, 'int32'), axis),
  from(
    shape,
    shape.map((n, d) => (d === axis ? picked.length : n)),
    (index) => index.map((i, d) => (d === axis ? picked[i]! : i)),
  ),
];

const tiling = (shape: number[], reps: number[]): Move => [
  shape,
  (x) => tf.tile(x, reps),
  from(
    shape,
    shape.map((n, d) => n * reps[d]!),
    (index) => index.map((i, d) => i % shape[d]!),
  ),
];

const broadcasting = (shape: number[], to: number[]): Move => [
  shape,
  (x) => tf.broadcastTo(x, to),
  from(shape, to, (index) =>
    shape.map((n, d) => (n === 1 ? 0 : index[d + to.length - shape.length]!)),
  ),
];

/** The last part of several. */
const splitting = (shape: number[], sizes: number | number[], axis: number, last: number): Move => [
  shape,
  (x) => tf.split(x, sizes, axis).at(-1)!,
  from(
    shape,
    shape.map((n, d) => (d === axis ? last : n)),
    (index) => index.map((i, d) => (d === axis ? i + shape[d]! - last : i)),
  ),
];

const concatenating = (
  name: string,
  join: (tensors: tf.Tensor[], axis: number) => tf.Tensor,
  ...settings: { shapes: number[][]; axis: number }[]
): GradientCase => ({
  name,
  trials: settings.map(({ shapes, axis }) => ({
    shapes,
    op: (...tensors) => join(tensors, axis),
    // Part by part within each place of the dimensions before the axis.
    reference: (...values) => {
      const outer = shapes[0]!.slice(0, axis).reduce((a, b) => a * b, 1);
      return Array.from({ length: outer }, (_, i) =>
        values.map((part) => {
          const size = part.length / outer;
          return [...part.subarray(i * size, (i + 1) * size)];
        }),
      ).flat(2);
    },
  })),
});

export const shapeCases: readonly GradientCase[] = [
  moving(
    'transpose',
    transposing([2, 3], [1, 0]),
    transposing([2, 1, 3], [2, 0, 1]),
    transposing([1, 2, 3, 2], [0, 3, 1, 2]),
  ),
  moving(
    'slice',
    slicing([2, 3], [0, 1], [2, 2]),
    slicing([5], [2], [3]),
    slicing([2, 3, 1, 2], [1, 0, 0, 1], [1, 2, 1, 1]),
  ),
  moving(
    'stridedSlice',
    [[3, 5], (x) => tf.stridedSlice(x, [0, 1], [3, 5], [2, 3]), [1, 4, 11, 14]],
    [[7], (x) => tf.stridedSlice(x, [1], [6], [2]), [1, 3, 5]],
    [[2, 1, 4], (x) => tf.stridedSlice(x, [0, 0, 1], [2, 1, 3], [1, 1, 1]), [1, 2, 5, 6]],
  ),
  moving(
    'stridedSlice, backwards',
    [[2, 5], (x) => tf.stridedSlice(x, [0, 4], [2, 0], [1, -2]), [4, 2, 9, 7]],
    [[4], (x) => tf.stridedSlice(x, [3], [0], [-1]), [3, 2, 1]],
  ),
  moving(
    'stridedSlice to the end',
    [[2, 5], (x) => tf.stridedSlice(x, [0, 1], [1, 1], [1, 3], 0, 3), [1, 4, 6, 9]],
    [[5], (x) => tf.stridedSlice(x, [2], [1], [1], 0, 1), [2, 3, 4]],
  ),
  moving('reverse', reversing([2, 3], [1]), reversing([5], [0]), reversing([2, 1, 2, 3], [0, 3])),
  moving('gather', gathering([3, 2], [2, 0, 2], 0), gathering([4], [1, 1], 0)),
  moving(
    'gather, inner dimension',
    gathering([2, 3], [2, 2], 1),
    gathering([2, 3, 1, 2], [0, 2, 0], 1),
  ),
  moving(
    'gatherND',
    [[2, 3], (x) => tf.gatherND(x, tf.tensor2d([1, 2, 0, 1, 1, 2], [3, 2], 'int32')), [5, 1, 5]],
    // Whole rows.
    [[3, 2], (x) => tf.gatherND(x, tf.tensor2d([2, 2], [2, 1], 'int32')), [4, 5, 4, 5]],
  ),
  {
    name: 'scatterND',
    trials: [
      {
        shapes: [[3]],
        op: (x) => tf.scatterND(tf.tensor2d([3, 0, 3], [3, 1], 'int32'), x!, [5]),
        reference: (x) => [x![1]!, 0, 0, x![0]! + x![2]!, 0],
      },
      {
        shapes: [[2, 2]],
        op: (x) => tf.scatterND(tf.tensor2d([1, 0], [2, 1], 'int32'), x!, [3, 2]),
        reference: (x) => [x![2]!, x![3]!, x![0]!, x![1]!, 0, 0],
      },
    ],
  },
  moving('tile', tiling([1, 2], [2, 2]), tiling([3], [3]), tiling([2, 1, 2, 1], [1, 2, 2, 1])),
  moving(
    'tile, rank 5',
    tiling([1, 2, 1, 1, 1], [1, 2, 1, 1, 2]),
    tiling([2, 1, 1, 2, 1], [1, 3, 1, 1, 1]),
  ),
  moving(
    'broadcastTo',
    broadcasting([2, 1], [2, 2]),
    broadcasting([1], [3]),
    broadcasting([3, 1], [2, 3, 2]),
    broadcasting([1, 2, 1, 2], [2, 2, 3, 2]),
  ),
  moving(
    'split',
    splitting([2, 4], 2, 1, 2),
    splitting([5], [2, 3], 0, 3),
    splitting([2, 3, 2], 3, 1, 1),
  ),
  moving(
    'unstack of one',
    [[1, 3], (x) => tf.unstack(x)[0]!, [0, 1, 2]],
    [[2, 1, 2], (x) => tf.unstack(x, 1)[0]!, [0, 1, 2, 3]],
  ),
  concatenating(
    'concat',
    tf.concat,
    {
      shapes: [
        [2, 1],
        [2, 2],
      ],
      axis: 1,
    },
    { shapes: [[3], [1]], axis: 0 },
    {
      shapes: [
        [2, 1, 2],
        [2, 3, 2],
        [2, 1, 2],
      ],
      axis: 1,
    },
  ),
  concatenating(
    'stack',
    tf.stack,
    { shapes: [[2], [2]], axis: 0 },
    {
      shapes: [
        [2, 3],
        [2, 3],
        [2, 3],
      ],
      axis: 1,
    },
  ),
  concatenating(
    'stack of one',
    tf.stack,
    { shapes: [[2]], axis: 0 },
    { shapes: [[1, 3]], axis: 1 },
  ),
];
