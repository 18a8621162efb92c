import * as tf from '@tensorflow/tfjs';
import type { ConformanceTest, Op } from '../conformance-case';
import { Cases, plain, specialNumbers } from '../seeded-cases';

const exact = { rtol: 0, atol: 0 };
const large = [2147483520, -2147483520, 2 ** 31, -(2 ** 31), 2 ** 32, 5e9, -5e9, 1e20, 3e38];

export const dtypeTests: readonly ConformanceTest[] = [
  {
    name: 'casts between all types',
    *cases() {
      const op: Op = (x) =>
        (['float32', 'int32', 'bool'] as const).map((dtype) => tf.cast(x!, dtype));
      const cases = new Cases(233);
      for (const size of [0, 1, 3, 4, 7, 33, 20_001]) {
        for (const x of [
          cases.tensor([size], -5, 5),
          // The stock kernel passes int32 on as float32 unrounded.
          cases.grid([size], 'int32', -(2 ** 24), 2 ** 24),
          cases.grid([size], 'bool'),
        ]) {
          yield { inputs: [x], op, ...exact };
        }
      }
      const values = [...specialNumbers, ...large];
      yield {
        inputs: [plain([values.length], values)],
        op: (x) => [x!.toInt(), x!.toBool()],
        ...exact,
      };
    },
  },
  {
    name: 'cast of a comparison, of large int32, and to int32',
    cases: () => {
      const cases = new Cases(5);
      return [
        {
          inputs: [cases.tensor([9, 3])],
          op: (x) => tf.cast(tf.greater(x!, 0), 'float32'),
        },
        {
          inputs: [plain([3], [-7, 0, 123456789], 'int32')],
          op: (x) => tf.cast(x!, 'float32'),
        },
        { inputs: [cases.tensor([9])], op: (x) => tf.cast(x!, 'int32') },
        {
          inputs: [cases.grid([9], 'int32')],
          op: (x) => tf.cast(tf.sum(x!), 'float32'),
        },
      ];
    },
  },
  {
    name: 'products, convolutions and transposes of what was int32 or bool',
    *cases() {
      const cases = new Cases(6);
      for (const dtype of ['int32', 'bool'] as const) {
        yield {
          inputs: [cases.grid([4, 3], dtype), cases.grid([3, 8])],
          op: (a, b) => tf.matMul(tf.cast(a!, 'float32') as tf.Tensor2D, b as tf.Tensor2D),
          ...exact,
        };
        yield {
          inputs: [cases.grid([1, 6, 6, 4], dtype), cases.grid([3, 3, 4, 4])],
          op: (x, filter) =>
            tf.conv2d(tf.cast(x!, 'float32') as tf.Tensor4D, filter as tf.Tensor4D, 2, 'same'),
          ...exact,
        };
        yield {
          inputs: [cases.grid([1, 3, 3, 4], dtype), cases.grid([3, 3, 4, 4])],
          op: (x, filter) =>
            tf.conv2dTranspose(
              tf.cast(x!, 'float32') as tf.Tensor4D,
              filter as tf.Tensor4D,
              [1, 6, 6, 4],
              2,
              'same',
            ),
          ...exact,
        };
      }
    },
  },
  {
    name: 'a bool tensor made int32 is one for every kernel',
    cases: () => [
      {
        inputs: [plain([2, 3], [1, 0, 1, 1, 0, 0], 'bool')],
        op: (x) => {
          const cast = tf.cast(x!, 'int32');
          return [tf.transpose(cast), tf.slice(cast, [0, 1], [2, 2]), tf.equal(cast, 1)];
        },
        reference: () => [
          tf.tensor([1, 1, 0, 0, 1, 0], [3, 2], 'int32'),
          tf.tensor([0, 1, 0, 0], [2, 2], 'int32'),
          tf.tensor([1, 0, 1, 1, 0, 0], [2, 3], 'bool'),
        ],
        ...exact,
      },
    ],
  },
  {
    name: 'tests of numbers',
    *cases() {
      const cases = new Cases(251);
      const op: Op = (x) => [tf.isNaN(x!), tf.isFinite(x!), tf.isInf(x!)];
      for (const shape of [[0], [1], [5], [4, 9], [20_003]]) {
        yield { inputs: [cases.special(shape)], op, ...exact };
      }
    },
  },
  {
    name: 'select',
    *cases() {
      const cases = new Cases(5);
      for (const shape of [[1], [5], [3, 7], [40_000]]) {
        yield {
          inputs: [cases.tensor(shape), cases.tensor(shape)],
          op: (a, b) => tf.where(tf.greater(a!, b!), a!, b!),
        };
      }
    },
  },
  {
    name: 'select of int32',
    *cases() {
      const cases = new Cases(257);
      for (const shape of [[1], [6], [3, 5]]) {
        const integers = () => cases.grid(shape, 'int32', -2e9, 2e9);
        yield {
          inputs: [cases.grid(shape, 'bool'), integers(), integers()],
          op: (mask, a, b) => tf.where(mask!, a!, b!),
          ...exact,
        };
      }
    },
  },
  {
    name: 'fill',
    cases: () =>
      [
        () => tf.fill([3, 5], -2.5),
        () => tf.fill([0, 3], 7),
        () => tf.fill([3], 7, 'int32'),
        () => tf.fill([5], -7, 'int32'),
        () => tf.fill([0], 3, 'int32'),
      ].map((op) => ({ inputs: [], op, ...exact })),
  },
  {
    name: 'zeros and ones of int32',
    cases: () => [
      {
        inputs: [new Cases(1).grid([3, 3], 'int32', -4, 4)],
        op: (x) => [tf.zerosLike(x!), tf.onesLike(x!)],
        ...exact,
      },
    ],
  },
];
