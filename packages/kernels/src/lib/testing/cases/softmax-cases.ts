import * as tf from '@tensorflow/tfjs';
import type { ConformanceTest, Op } from '../conformance-case';
import { gradientCase } from '../gradient-case';
import { Cases, plain } from '../seeded-cases';

const op: Op = (x) => tf.softmax(x!);
const tolerance = { rtol: 1e-5, atol: 1e-7 };

/** Of rows of n in float64. */
const logSoftmax = (x: ArrayLike<number>, n: number) =>
  Array.from(x, (v, i) => {
    const row = Array.from(x).slice(Math.floor(i / n) * n, Math.floor(i / n) * n + n);
    return v - Math.log(row.reduce((sum, w) => sum + Math.exp(w), 0));
  });

export const softmaxTests: readonly ConformanceTest[] = [
  {
    name: 'softmax of rows',
    *cases() {
      const cases = new Cases(197);
      for (let i = 0; i < 80; i++) {
        const shape = cases.shape(cases.integer(1, 4), 9);
        if (i % 8 === 0) shape[shape.length - 1] = cases.integer(30, 300);
        yield { inputs: [cases.tensor(shape, -20, 20)], op, ...tolerance };
      }
      yield { inputs: [cases.tensor([3000, 10])], op, ...tolerance };
      yield { inputs: [plain([0, 3], [])], op };
    },
  },
  {
    name: 'softmax of NaN, infinities and large values',
    *cases() {
      const cases = new Cases(199);
      for (let i = 0; i < 60; i++) {
        yield { inputs: [cases.special([4, cases.integer(1, 9)])], op, ...tolerance };
      }
      yield {
        inputs: [plain([2, 3], [1e30, 1e30, 0, -1e30, -1e30, -1e30])],
        op,
        reference: () =>
          tf.tensor2d([
            [0.5, 0.5, 0],
            [1 / 3, 1 / 3, 1 / 3],
          ]),
        rtol: 1e-6,
        atol: 0,
      };
    },
  },
  {
    name: 'gradients of softmax and log-softmax',
    *cases() {
      const cases = new Cases(211);
      for (const n of [1, 3, 4, 9]) {
        const x = cases.tensor([3, n]);
        yield gradientCase(
          x,
          (v) => tf.logSoftmax(v),
          (values) => logSoftmax(values, n),
        );
        yield gradientCase(
          x,
          (v) => tf.softmax(v),
          (values) => logSoftmax(values, n).map(Math.exp),
        );
      }
    },
  },
];
