import * as tf from '@tensorflow/tfjs';
import type { GradientCase } from '../gradient-case';
import { moved } from '../references';

const moving = (
  name: string,
  shape: number[],
  op: (x: tf.Tensor) => tf.Tensor,
  places: number[],
): GradientCase => ({
  name,
  shapes: [shape],
  op: (x) => op(x!),
  reference: (x) => moved(places)(x!),
});

export const shapeCases: readonly GradientCase[] = [
  moving('transpose', [2, 3], (x) => tf.transpose(x), [0, 3, 1, 4, 2, 5]),
  moving('slice', [2, 3], (x) => tf.slice(x, [0, 1], [2, 2]), [1, 2, 4, 5]),
  moving('stridedSlice', [3, 5], (x) => tf.stridedSlice(x, [0, 1], [3, 5], [2, 3]), [1, 4, 11, 14]),
  moving(
    'stridedSlice, backwards',
    [2, 5],
    (x) => tf.stridedSlice(x, [0, 4], [2, 0], [1, -2]),
    [4, 2, 9, 7],
  ),
  moving(
    'stridedSlice to the end',
    [2, 5],
    (x) => tf.stridedSlice(x, [0, 1], [1, 1], [1, 3], 0, 3),
    [1, 4, 6, 9],
  ),
  moving('reverse', [2, 3], (x) => tf.reverse(x, 1), [2, 1, 0, 5, 4, 3]),
  moving(
    'gather',
    [3, 2],
    (x) => tf.gather(x, tf.tensor1d([2, 0, 2], 'int32')),
    [4, 5, 0, 1, 4, 5],
  ),
  moving(
    'gather, second dimension',
    [2, 3],
    (x) => tf.gather(x, tf.tensor1d([2, 2], 'int32'), 1),
    [2, 2, 5, 5],
  ),
  moving(
    'gatherND',
    [2, 3],
    (x) =>
      tf.gatherND(
        x,
        tf.tensor2d(
          [
            [1, 2],
            [0, 1],
            [1, 2],
          ],
          [3, 2],
          'int32',
        ),
      ),
    [5, 1, 5],
  ),
  {
    name: 'scatterND',
    shapes: [[3]],
    op: (x) => tf.scatterND(tf.tensor2d([3, 0, 3], [3, 1], 'int32'), x!, [5]),
    reference: (x) => [x![1]!, 0, 0, x![0]! + x![2]!, 0],
  },
  moving('tile', [1, 2], (x) => tf.tile(x, [2, 2]), [0, 1, 0, 1, 0, 1, 0, 1]),
  moving(
    'tile, rank 5',
    [1, 2, 1, 1, 1],
    (x) => tf.tile(x, [1, 2, 1, 1, 2]),
    [0, 0, 1, 1, 0, 0, 1, 1],
  ),
  moving('broadcastTo', [2, 1], (x) => tf.broadcastTo(x, [2, 2]), [0, 0, 1, 1]),
  moving('split', [2, 4], (x) => tf.split(x, 2, 1)[1]!, [2, 3, 6, 7]),
  moving('unstack of one', [1, 3], (x) => tf.unstack(x)[0]!, [0, 1, 2]),
  {
    name: 'concat',
    shapes: [
      [2, 1],
      [2, 2],
    ],
    op: (a, b) => tf.concat([a!, b!], 1),
    reference: (a, b) => [a![0]!, b![0]!, b![1]!, a![1]!, b![2]!, b![3]!],
  },
  {
    name: 'stack',
    shapes: [[2], [2]],
    op: (a, b) => tf.stack([a!, b!]),
    reference: (a, b) => [...a!, ...b!],
  },
  {
    name: 'stack of one',
    shapes: [[2]],
    op: (a) => tf.stack([a!]),
    reference: (a) => a!,
  },
];
