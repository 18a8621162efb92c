import * as tf from '@tensorflow/tfjs';
import { type ConformanceCase, type ConformanceTest, float32, type Op } from '../conformance-case';
import { Cases, plain } from '../seeded-cases';

const exact = { rtol: 0, atol: 0 };

/** NaN among numbers. */
const some = plain([5], [NaN, 1, -2, NaN, 0.5]);
/** What becomes of it: NaN where it was, and nowhere else. */
const kept = [true, false, false, true, false];

const ofOne: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  ...{ abs: tf.abs, neg: tf.neg, square: tf.square, exp: tf.exp, expm1: tf.expm1, tanh: tf.tanh },
  ...{ sigmoid: tf.sigmoid, softplus: tf.softplus, relu: tf.relu, relu6: tf.relu6, elu: tf.elu },
  ...{ selu: tf.selu, sign: tf.sign, floor: tf.floor, ceil: tf.ceil, round: tf.round, sin: tf.sin },
  ...{ cos: tf.cos, tan: tf.tan, atan: tf.atan, sinh: tf.sinh, cosh: tf.cosh, asinh: tf.asinh },
  ...{ erf: tf.erf, reciprocal: tf.reciprocal },
  leakyRelu: (x) => tf.leakyRelu(x),
  step: (x) => tf.step(x),
  clipByValue: (x) => tf.clipByValue(x, -1, 1),
  'prelu, of x': (x) => tf.prelu(x, tf.zerosLike(x)),
  'fused relu': (x) =>
    tf.fused.matMul({
      a: tf.reshape(x, [5, 1]) as tf.Tensor2D,
      b: tf.ones([1, 1]),
      activation: 'relu',
    }),
};

/** Functions that are NaN where either of two is. */
const ofTwo: Record<string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor> = {
  ...{ add: tf.add, sub: tf.sub, mul: tf.mul, div: tf.div, maximum: tf.maximum },
  ...{ minimum: tf.minimum, squaredDifference: tf.squaredDifference, mod: tf.mod },
  ...{ floorDiv: tf.floorDiv, atan2: tf.atan2, pow: tf.pow },
};

const reductions = [tf.sum, tf.mean, tf.max, tf.min, tf.prod];

const isNaNOf =
  (op: (...inputs: tf.Tensor[]) => tf.Tensor): Op =>
  (...inputs) =>
    tf.reshape(tf.isNaN(op(...inputs)), [-1]);

/** Of the window of two in each row. */
const windows = plain([2, 1, 4, 1], [1, NaN, 2, 3, NaN, 5, 4, -1]);
const largestOfWindows = [NaN, 3, NaN, 4];

const withNaN: ConformanceTest[] = [
  {
    name: 'NaN stays NaN in functions of one number',
    *cases() {
      for (const op of Object.values(ofOne)) {
        const reference = () => tf.tensor1d(kept, 'bool');
        yield { inputs: [some], op: isNaNOf((x) => op(x!)), reference, ...exact };
      }
    },
  },
  {
    name: 'NaN of either makes NaN in functions of two numbers',
    *cases() {
      for (const op of Object.values(ofTwo)) {
        const inputs = [plain([4], [NaN, 2, NaN, 2]), plain([4], [3, NaN, NaN, 3])];
        const reference = () => tf.tensor1d([true, true, true, false], 'bool');
        yield { inputs, op: isNaNOf((a, b) => op(a!, b!)), reference, ...exact };
        // A number to all, from either side.
        for (const scalar of [
          (x: tf.Tensor) => op(x, tf.scalar(3)),
          (x: tf.Tensor) => op(tf.scalar(3), x),
        ]) {
          const one = [plain([5], [NaN, 1, 2, NaN, 0.5])];
          const expected = () => tf.tensor1d(kept, 'bool');
          yield { inputs: one, op: isNaNOf((x) => scalar(x!)), reference: expected, ...exact };
        }
      }
    },
  },
  {
    name: 'NaN in a row makes its reduction NaN',
    *cases() {
      const values = [1, 2, 3, 4, NaN, 6, NaN, 8, 9, 1, 2, NaN];
      const reference = () => tf.tensor1d([false, true, true, true], 'bool');
      for (const reduce of reductions) {
        const inputs = [plain([4, 3], values)];
        yield { inputs, op: isNaNOf((x) => reduce(x!, 1)), reference, ...exact };
        const op = isNaNOf((x) => reduce(tf.transpose(x!), 0));
        yield { inputs, op, reference, ...exact };
      }
    },
  },
  {
    name: 'running sums and products are NaN from a NaN on',
    cases: () => [
      {
        inputs: [plain([4], [1, NaN, 2, 3])],
        op: (x) => [tf.cumsum(x!), tf.cumprod(x!), tf.cumsum(x!, 0, true, true)],
        reference: () => [
          tf.tensor1d([1, NaN, NaN, NaN]),
          tf.tensor1d([1, NaN, NaN, NaN]),
          tf.tensor1d([NaN, 5, 3, 0]),
        ],
        ...exact,
      },
    ],
  },
  {
    name: 'the first NaN is the place of the largest and of the smallest',
    *cases() {
      const columns = plain([3, 5], [1, NaN, 3, NaN, 5, NaN, 2, 9, NaN, 4, 0, NaN, NaN, 7, 6]);
      const reference = () => tf.tensor1d([1, 0, 2, 0], 'int32');
      for (const find of [tf.argMax, tf.argMin]) {
        yield { inputs: [columns], op: (x) => tf.slice(find(x!, 0), 0, 4), reference, ...exact };
        yield {
          inputs: [columns],
          op: (x) => find(x!, 1),
          reference: () => tf.tensor1d([1, 0, 1], 'int32'),
          ...exact,
        };
      }
    },
  },
  {
    name: 'NaN is the largest of all',
    cases: () => [
      {
        inputs: [plain([2, 5], [1, NaN, 3, 2, NaN, 4, 6, 5, 6, 7])],
        op: (x) => {
          const { values, indices } = tf.topk(x!, 3);
          return [values, indices];
        },
        reference: () => [
          tf.tensor2d([NaN, NaN, 3, 7, 6, 6], [2, 3]),
          tf.tensor2d([1, 4, 2, 4, 1, 3], [2, 3], 'int32'),
        ],
        ...exact,
      },
    ],
  },
  {
    name: 'NaN in a window makes its largest NaN',
    cases: (): ConformanceCase[] => [
      {
        inputs: [windows],
        op: (x) => {
          const { result, indexes } = tf.maxPoolWithArgmax(
            x as tf.Tensor4D,
            [1, 2],
            [1, 2],
            'valid',
          );
          return [result!, indexes!];
        },
        reference: () => [
          float32(largestOfWindows, [2, 1, 2, 1]),
          tf.tensor([1, 3, 0, 2], [2, 1, 2, 1], 'int32'),
        ],
        ...exact,
      },
      {
        inputs: [windows],
        op: (x) => {
          const filter = tf.tensor3d([0, 1], [1, 2, 1]);
          return tf.dilation2d(x as tf.Tensor4D, filter, [1, 2], 'valid');
        },
        reference: () => float32([NaN, 4, NaN, 4], [2, 1, 2, 1]),
        ...exact,
      },
      {
        inputs: [windows],
        op: (x) =>
          tf.maxPool3d(
            tf.reshape(x!, [2, 1, 4, 1, 1]) as tf.Tensor5D,
            [1, 2, 1],
            [1, 2, 1],
            'valid',
          ),
        reference: () => float32(largestOfWindows, [2, 1, 2, 1, 1]),
        ...exact,
      },
    ],
  },
];

const nothing: ConformanceTest[] = [
  {
    name: 'reductions of nothing',
    *cases() {
      for (const [reduce, value] of [
        [tf.sum, 0],
        [tf.prod, 1],
        [tf.max, -Infinity],
        [tf.min, Infinity],
        [tf.mean, NaN],
      ] as const) {
        yield {
          inputs: [plain([2, 0, 3], [])],
          op: (x) => [reduce(x!, 1), reduce(x!, 1, true), reduce(x!)],
          reference: () => [tf.fill([2, 3], value), tf.fill([2, 1, 3], value), tf.scalar(value)],
          ...exact,
        };
      }
      for (const [reduce, value] of [
        [tf.sum, 0],
        [tf.prod, 1],
        [tf.max, -(2 ** 31)],
        [tf.min, 2 ** 31 - 1],
      ] as const) {
        yield {
          inputs: [plain([0, 2], [], 'int32')],
          op: (x) => reduce(x!, 0),
          reference: () => tf.fill([2], value, 'int32'),
          ...exact,
        };
      }
      yield {
        inputs: [plain([0, 2], [], 'int32')],
        op: (x) => tf.mean(x!, 0),
        reference: () => tf.fill([2], NaN),
        ...exact,
      };
    },
  },
  {
    name: 'all of nothing, and any',
    *cases() {
      const op: Op = (x) => [tf.all(x!, 0), tf.any(x!, 0, true), tf.all(x!)];
      yield {
        inputs: [plain([0, 2], [], 'bool')],
        op,
        reference: () => [
          tf.tensor1d([true, true], 'bool'),
          tf.tensor2d([[false, false]], [1, 2], 'bool'),
          tf.scalar(true, 'bool'),
        ],
        ...exact,
      };
      yield { inputs: [plain([3, 2], [1, 0, 1, 1, 0, 1], 'bool')], op, ...exact };
    },
  },
];

const quotients: ConformanceTest = {
  name: 'quotients that are rounded down',
  *cases() {
    const cases = new Cases(281);
    const op: Op = (a, b) => tf.floorDiv(a!, b!);
    // The last quotient is a little less than 7, which float32 rounds to 7.
    const inputs = [plain([6], [7, -7, 7, 0.5, -0.5, 0.7]), plain([6], [2, 2, -2, 3, 3, 0.1])];
    const [a, b] = inputs.map(({ values }) => values);
    const rounded = () =>
      float32(
        Array.from(a!, (v, i) => Math.floor(v / b![i]!)),
        [6],
      );
    yield { inputs, op, reference: rounded, ...exact };
    const [x, y] = [cases.tensor([37, 5], -20, 20), cases.tensor([5], 0.2, 3)];
    yield {
      inputs: [x, y],
      op,
      reference: () =>
        float32(
          Array.from(x.values, (v, i) => Math.floor(v / y.values[i % 5]!)),
          [37, 5],
        ),
      ...exact,
    };
    yield {
      inputs: [plain([4], [7, -7, 9, 0], 'int32'), plain([4], [2, 2, -4, 3], 'int32')],
      op,
      ...exact,
    };
  },
};

/** Values at which kernels hide what is wrong, and reductions of no elements. */
export const nanTests: readonly ConformanceTest[] = [...withNaN, ...nothing, quotients];
