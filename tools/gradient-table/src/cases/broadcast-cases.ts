import * as tf from '@tensorflow/tfjs';
import type { GradientCase, Trial } from '../gradient-case';
import { mean, pairs } from '../references';

export type Shapes = readonly [number[], number[]];

/** Equal, by vectors, by scalars on either side, in inner and outer dimensions, and in both. */
const broadcastShapes: readonly Shapes[] = [
  [[2, 4], [4]],
  [[3], [3]],
  [[2, 3], []],
  [[], [3]],
  [
    [1, 3],
    [2, 1],
  ],
  [
    [2, 2, 1, 3],
    [2, 1, 1],
  ],
];

type Place = NonNullable<Trial['place']>;

/** An operation on two tensors at all of {@link broadcastShapes}, or others. */
export const ofTwo = (
  name: string,
  op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  f: (a: number, b: number) => number,
  { shapes = broadcastShapes, place }: { shapes?: readonly Shapes[]; place?: Place } = {},
): GradientCase => ({
  name,
  trials: shapes.map((both) => ({
    shapes: both,
    op: (a, b) => op(a!, b!),
    reference: (a, b) => pairs(f, both)(a!, b!),
    ...(place && { place }),
  })),
});

/** The second away from 0, of both signs. */
const notZero: Place = (value, input) => (input === 0 ? value : value + 0.7 * Math.sign(value));

const floored = (a: number, b: number) => Math.floor(a / b);

/** Of pairs of equal shape, weighted by what is broadcast to them. */
const weightedLoss = (
  name: string,
  loss: (labels: tf.Tensor, predictions: tf.Tensor, weights: tf.Tensor) => tf.Tensor,
  f: (label: number, prediction: number) => number,
): GradientCase => ({
  name: `losses.${name}, also in its weights`,
  trials: (
    [
      [[2, 3], []],
      [
        [2, 3],
        [2, 3],
      ],
    ] as Shapes[]
  ).map(([shape, weightShape]) => ({
    shapes: [shape, shape, weightShape],
    op: (labels, predictions, weights) => loss(labels!, predictions!, weights!),
    // Sums are divided by how many weights there are that are not 0.
    reference: (labels, predictions, weights) => [
      mean([...labels!].map((v, i) => f(v, predictions![i]!) * (weights![i] ?? weights![0]!))),
    ],
  })),
});

const huber = (a: number, b: number) => {
  const off = Math.abs(a - b);
  return off < 1 ? off ** 2 / 2 : off - 0.5;
};

export const broadcastCases: readonly GradientCase[] = [
  ofTwo('add', tf.add, (a, b) => a + b),
  ofTwo('sub', tf.sub, (a, b) => a - b),
  ofTwo('mul', tf.mul, (a, b) => a * b),
  ofTwo('div', tf.div, (a, b) => a / b, { place: notZero }),
  ofTwo('divNoNan', tf.divNoNan, (a, b) => a / b, { place: notZero }),
  ofTwo('mod', tf.mod, (a, b) => a - b * floored(a, b), { place: notZero }),
  // Stock backends make integers of it.
  ofTwo('floorDiv', (a, b) => tf.cast(tf.floorDiv(a, b), 'float32'), floored, { place: notZero }),
  ofTwo('squaredDifference', tf.squaredDifference, (a, b) => (a - b) ** 2),
  ofTwo('atan2', tf.atan2, Math.atan2, { place: notZero }),
  ofTwo('pow, also in the exponent', tf.pow, Math.pow, {
    place: (value, input) => (input === 0 ? Math.abs(value) + 0.2 : value),
  }),
  ofTwo('maximum', tf.maximum, Math.max),
  ofTwo('minimum', tf.minimum, Math.min),
  ofTwo(
    'where(greater(x, y), …)',
    (x, y) => tf.where(tf.greater(x, y), tf.square(x), y),
    (a, b) => (a > b ? a * a : b),
  ),
  weightedLoss('meanSquaredError', tf.losses.meanSquaredError, (a, b) => (a - b) ** 2),
  weightedLoss('absoluteDifference', tf.losses.absoluteDifference, (a, b) => Math.abs(a - b)),
  weightedLoss('huberLoss', tf.losses.huberLoss, huber),
];
