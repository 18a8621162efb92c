import * as tf from '@tensorflow/tfjs';
import type { ConformanceTest, Op } from '../conformance-case';
import { Cases, plain, specialNumbers } from '../seeded-cases';

const functions: Record<string, Op> = {
  add: (a, b) => tf.add(a!, b!),
  sub: (a, b) => tf.sub(a!, b!),
  mul: (a, b) => tf.mul(a!, b!),
  div: (a, b) => tf.div(a!, b!),
  maximum: (a, b) => tf.maximum(a!, b!),
  minimum: (a, b) => tf.minimum(a!, b!),
  squaredDifference: (a, b) => tf.squaredDifference(a!, b!),
  prelu: (a, b) => tf.prelu(a!, b!),
  equal: (a, b) => tf.equal(a!, b!),
  notEqual: (a, b) => tf.notEqual(a!, b!),
  greater: (a, b) => tf.greater(a!, b!),
  greaterEqual: (a, b) => tf.greaterEqual(a!, b!),
  less: (a, b) => tf.less(a!, b!),
  lessEqual: (a, b) => tf.lessEqual(a!, b!),
};

const exact = { rtol: 0, atol: 0 };

export const binaryTests: readonly ConformanceTest[] = [
  ...Object.entries(functions).map(([name, op]): ConformanceTest => ({
    name: `${name}, with broadcasting`,
    *cases() {
      const tolerance = { rtol: 1e-6, atol: 1e-6 };
      const cases = new Cases(11);
      for (let i = 0; i < 60; i++) {
        const shape = cases.shape(cases.integer(0, 5), 6);
        const other = shape
          .map((size) => (cases.next() < 0.4 ? 1 : size))
          .slice(name === 'prelu' ? 0 : cases.integer(0, shape.length));
        const pair = [cases.tensor(shape), cases.tensor(other)];
        // Equal values make equality interesting.
        for (const { values } of pair) for (let j = 0; j < values.length; j += 3) values[j] = 1;
        const inputs = name === 'prelu' || cases.next() < 0.5 ? pair : pair.reverse();
        yield { inputs, op, ...tolerance };
      }
      for (const [shape, other] of [
        [[3, 20_000], [20_000]],
        [[50_000], []],
      ] as const) {
        yield { inputs: [cases.tensor([...shape]), cases.tensor([...other])], op, ...tolerance };
      }
    },
  })),
  {
    name: 'gradient of elu',
    cases: () => [
      { inputs: [new Cases(3).tensor([7, 5])], op: (x) => tf.grad((v) => tf.elu(v))(x!) },
    ],
  },
  {
    name: 'addition of int32',
    cases: () => {
      const x = plain([3], [1, -2, 3], 'int32');
      return [{ inputs: [x, x], op: (a, b) => tf.add(a!, b!) }];
    },
  },
  {
    name: 'addition of three',
    cases: () => {
      const cases = new Cases(5);
      const inputs = [cases.tensor([3, 4]), cases.tensor([3, 4]), cases.tensor([3, 4])];
      return [{ inputs, op: (...all) => tf.addN(all) }];
    },
  },
  {
    name: 'addition of many',
    *cases() {
      const cases = new Cases(6);
      // Around what a GPU can bind at once, and several times that.
      for (const count of [7, 8, 9, 16, 40]) {
        const inputs = Array.from({ length: count }, () => cases.grid([3, 5]));
        yield { inputs, op: (...all) => tf.addN(all), ...exact };
      }
      const integers = Array.from({ length: 12 }, () => cases.grid([7], 'int32'));
      yield { inputs: integers, op: (...all) => tf.addN(all), ...exact };
    },
  },
  {
    name: 'comparisons of int32, with broadcasting',
    *cases() {
      const compare = [tf.equal, tf.notEqual, tf.greater, tf.greaterEqual, tf.less, tf.lessEqual];
      const op: Op = (a, b) => compare.map((one) => one(a!, b!));
      const cases = new Cases(239);
      for (let i = 0; i < 40; i++) {
        const shape = cases.shape(cases.integer(0, 4), 6);
        const other = shape.map((size) => (cases.next() < 0.4 ? 1 : size));
        const inputs = [shape, other].map((one) => cases.grid(one, 'int32', -4, 4));
        yield { inputs, op, ...exact };
      }
      // Equal as float32, not as int32.
      const inputs = [16777216, 16777217].map((value) => plain([], [value], 'int32'));
      yield { inputs, op, ...exact };
    },
  },
  {
    name: 'logic',
    *cases() {
      const cases = new Cases(241);
      for (const shape of [[0], [1], [15], [16], [3, 7, 5], [40_001]]) {
        yield {
          inputs: [cases.grid(shape, 'bool'), cases.grid(shape, 'bool')],
          op: (a, b) => [
            tf.logicalAnd(a!, b!),
            tf.logicalOr(a!, b!),
            tf.logicalNot(a!),
            tf.logicalXor(a!, b!),
          ],
        };
      }
      const inputs = [cases.grid([3, 4], 'bool'), cases.grid([4], 'bool')];
      yield { inputs, op: (a, b) => tf.logicalAnd(a!, b!) };
    },
  },
  {
    name: 'powers',
    *cases() {
      const op: Op = (a, b) => tf.pow(a!, b!);
      const cases = new Cases(271);
      for (const exponent of [2, 0.5, -1, 3, 0, 1 / 3]) {
        const x = cases.tensor([37], 0, 5);
        yield {
          inputs: [x, plain([], [exponent])],
          op,
          reference: () => tf.tensor1d(Array.from(x.values, (v) => v ** Math.fround(exponent))),
          rtol: 3e-7,
          atol: 1e-38,
        };
      }
      for (let i = 0; i < 30; i++) {
        const shape = cases.shape(cases.integer(1, 3), 5);
        const other = shape.map((size) => (cases.next() < 0.4 ? 1 : size));
        yield {
          inputs: [cases.tensor(shape, 0.1, 4), cases.tensor(other)],
          op,
          rtol: 3e-7,
          atol: 0,
        };
      }
      const numbers = [...specialNumbers, 2, -2, 3];
      const inputs = [plain([numbers.length, 1], numbers), plain([1, numbers.length], numbers)];
      yield { inputs, op, rtol: 3e-7, atol: 1e-44 };
    },
  },
];
