import * as tf from '@tensorflow/tfjs';
import { runKernel } from '../../run-kernel';
import type { ConformanceTest, Op } from '../conformance-case';
import { Cases, type Plain, plain } from '../seeded-cases';

type Reduction = (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor;

const reductions: Record<string, Reduction> = {
  sum: (x, axes, keep) => tf.sum(x, axes, keep),
  mean: (x, axes, keep) => tf.mean(x, axes, keep),
  max: (x, axes, keep) => tf.max(x, axes, keep),
  min: (x, axes, keep) => tf.min(x, axes, keep),
};

/** Each axis of a shape with a probability of one half. */
const someAxes = (cases: Cases, shape: readonly number[]) =>
  shape.map((_, d) => d).filter(() => cases.next() < 0.5);

const extremumGrad = (x: tf.Tensor, y: tf.Tensor, dy: tf.Tensor, axes: number[]) =>
  runKernel('ExtremumGrad', { x, y, dy }, { axes });

/** The same in operations that every backend has. */
function sharedGradient(x: tf.Tensor, y: tf.Tensor, dy: tf.Tensor, axes: number[]): tf.Tensor {
  const kept = x.shape.map((size, d) => (axes.includes(d) ? 1 : size));
  const chosen = tf.cast(tf.equal(x, tf.reshape(y, kept)), 'float32');
  return tf.mul(tf.div(tf.reshape(dy, kept), tf.sum(chosen, axes, true)), chosen);
}

const extremumGradTests: ConformanceTest[] = [
  {
    name: 'gradient of maxima and minima, shared out to equals',
    kernels: ['ExtremumGrad'],
    *cases() {
      const cases = new Cases(31);
      for (let n = 0; n < 200; n++) {
        const rank = cases.integer(1, 4);
        const shape = Array.from({ length: rank }, () => cases.integer(1, n % 20 === 0 ? 40 : 9));
        const some = someAxes(cases, shape);
        const axes = some.length > 0 ? some : [cases.integer(0, rank - 1)];
        // Of few different values, so that there are equals.
        const x = cases.grid(shape, 'float32', -1, 1);
        const dy = cases.tensor(shape.filter((_, d) => !axes.includes(d)));
        const extremum = n % 2 ? tf.min : tf.max;
        yield {
          inputs: [x, dy],
          op: (a, d) => extremumGrad(a!, extremum(a!, axes), d!, axes),
          reference: (a, d) => sharedGradient(a!, extremum(a!, axes), d!, axes),
          rtol: 1e-6,
          atol: 0,
        };
      }
    },
  },
  {
    name: 'gradient of maxima and minima is not finite where they are NaN',
    kernels: ['ExtremumGrad'],
    cases: () => {
      // Over the middle of [2, 3, 5], four elements at once and one alone.
      const x = { shape: [2, 3, 5], values: new Float32Array(30).fill(1) };
      const y = { shape: [2, 5], values: new Float32Array(10).fill(1) };
      const dy = { shape: [2, 5], values: new Float32Array(10).fill(6) };
      for (const at of [1, 9]) y.values[at] = NaN;
      const expected = Float32Array.from(x.values, (_, i) =>
        [1, 9].includes(5 * Math.floor(i / 15) + (i % 5)) ? Infinity : 2,
      );
      return [
        {
          inputs: [x, y, dy],
          op: (a, b, d) => extremumGrad(a!, b!, d!, [1]),
          reference: () => tf.tensor(expected, x.shape),
          rtol: 0,
          atol: 0,
        },
      ];
    },
  },
  {
    name: 'gradient of no maxima',
    kernels: ['ExtremumGrad'],
    cases: () => [
      {
        inputs: [plain([0, 3], []), plain([0], []), plain([0], [])],
        op: (x, y, dy) => extremumGrad(x!, y!, dy!, [1]),
        reference: () => tf.zeros([0, 3]),
      },
    ],
  },
];

export const reductionTests: readonly ConformanceTest[] = [
  ...Object.entries(reductions).map(([name, reduce]): ConformanceTest => ({
    name,
    *cases() {
      const tolerance = { rtol: 1e-5, atol: 1e-5 };
      const cases = new Cases(43);
      for (let i = 0; i < 80; i++) {
        const shape = cases.shape(cases.integer(1, 5), 7);
        const axes = someAxes(cases, shape);
        if (axes.length === 0) axes.push(0);
        const keep = cases.next() < 0.5;
        yield { inputs: [cases.tensor(shape)], op: (x) => reduce(x!, axes, keep), ...tolerance };
      }
      for (const [shape, axis] of [
        [[20_000], 0],
        [[3000, 5], 0],
        [[2, 1500, 70], 1],
        [[70, 40], 1],
      ] as const) {
        const inputs = [cases.tensor([...shape], 0, 1)];
        yield { inputs, op: (x) => reduce(x!, [axis], false), ...tolerance };
      }
    },
  })),
  {
    name: 'max and min propagate NaN',
    cases: () => [{ inputs: [plain([3], [1, NaN, 3])], op: (x) => [tf.max(x!), tf.min(x!)] }],
  },
  {
    name: 'products',
    *cases() {
      const cases = new Cases(277);
      for (let i = 0; i < 60; i++) {
        const shape = cases.shape(cases.integer(1, 4), 6);
        const axes = someAxes(cases, shape);
        const x = cases.next() < 0.3 ? cases.special(shape) : cases.tensor(shape);
        const keep = cases.next() < 0.5;
        yield { inputs: [x], op: (v) => tf.prod(v!, axes, keep), rtol: 1e-5, atol: 1e-6 };
      }
      const inputs = [cases.tensor([3, 9000], 0.999, 1.001)];
      yield { inputs, op: (v) => tf.prod(v!, 1), rtol: 1e-4 };
    },
  },
  {
    name: 'places of the largest and smallest',
    *cases() {
      const exact = { rtol: 0, atol: 0 };
      const cases = new Cases(229);
      for (let i = 0; i < 100; i++) {
        const shape = cases.shape(cases.integer(1, 4), 8);
        const axis = cases.integer(0, shape.length - 1);
        const x = cases.next() < 0.4 ? cases.special(shape) : cases.tensor(shape);
        // Equal values: the first one counts.
        if (cases.next() < 0.5) x.values.forEach((v, j) => (x.values[j] = Math.round(v)));
        // The stock kernels pass over a NaN that is not the first.
        x.values.forEach((v, j) => (x.values[j] = Number.isNaN(v) ? 1e9 * (j % 3) : v));
        const op: Op = (v) => [tf.argMax(v!, axis), tf.argMin(v!, axis)];
        yield { inputs: [x], op, ...exact };
      }
      const wide: [Plain, Op][] = [
        [cases.tensor([5000, 10]), (v) => tf.argMax(v!, 1)],
        [cases.tensor([3, 40, 70]), (v) => tf.argMin(v!, 1)],
      ];
      for (const [x, op] of wide) yield { inputs: [x], op, ...exact };
      yield {
        inputs: [plain([0, 3], [])],
        op: (v) => tf.argMax(v!, 1),
        reference: () => tf.zeros([0], 'int32'),
        ...exact,
      };
    },
  },
  ...extremumGradTests,
];
