import * as tf from '@tensorflow/tfjs';
import { type ConformanceTest, float32, type Op } from '../conformance-case';
import { Cases, plain, specialNumbers } from '../seeded-cases';

interface Unary {
  readonly op: Op;
  /** Where its arguments are. */
  readonly low: number;
  readonly high: number;
  /** Where the stock kernel is wrong. */
  readonly exact?: (value: number) => number;
}

const wide = { low: -6, high: 6 };
const positive = { low: 1e-3, high: 50 };

const functions: Record<string, Unary> = {
  abs: { op: (x) => tf.abs(x!), ...wide },
  neg: { op: (x) => tf.neg(x!), ...wide },
  square: { op: (x) => tf.square(x!), ...wide },
  sqrt: { op: (x) => tf.sqrt(x!), ...positive },
  rsqrt: { op: (x) => tf.rsqrt(x!), ...positive },
  reciprocal: { op: (x) => tf.reciprocal(x!), ...positive },
  exp: { op: (x) => tf.exp(x!), ...wide },
  expm1: { op: (x) => tf.expm1(x!), ...wide },
  log: { op: (x) => tf.log(x!), ...positive },
  log1p: { op: (x) => tf.log1p(x!), ...positive },
  tanh: { op: (x) => tf.tanh(x!), ...wide },
  sigmoid: { op: (x) => tf.sigmoid(x!), ...wide },
  softplus: { op: (x) => tf.softplus(x!), ...wide },
  relu: { op: (x) => tf.relu(x!), ...wide },
  relu6: { op: (x) => tf.relu6(x!), low: -3, high: 9 },
  elu: { op: (x) => tf.elu(x!), ...wide },
  selu: { op: (x) => tf.selu(x!), ...wide },
  leakyRelu: { op: (x) => tf.leakyRelu(x!, 0.2), ...wide },
  step: { op: (x) => tf.step(x!, 0.3), ...wide },
  // The stock kernel makes 0 of NaN.
  sign: { op: (x) => tf.sign(x!), ...wide, exact: Math.sign },
  floor: { op: (x) => tf.floor(x!), ...wide },
  ceil: { op: (x) => tf.ceil(x!), ...wide },
  clip: { op: (x) => tf.clipByValue(x!, -1, 2), ...wide },
  zerosLike: { op: (x) => tf.zerosLike(x!), ...wide },
  onesLike: { op: (x) => tf.onesLike(x!), ...wide },
};

const extremes = [0, -0, Infinity, -Infinity, NaN, 1e-40, 3e38, -3e38, 88, -88, 100, -100, 1, -1];

/** f of each element in float64. */
const each =
  (f: (value: number) => number): Op =>
  (x) =>
    float32(Array.from(x!.dataSync(), f), x!.shape);

/** Of numbers in the usual range, and of all kinds. */
function testsOf(name: string, { op, low, high, exact }: Unary): ConformanceTest[] {
  const reference = exact && { reference: each(exact) };
  const usual: ConformanceTest = {
    name,
    *cases() {
      const cases = new Cases(7);
      for (const size of [0, 1, 3, 4, 5, 31, 1000, 40_001]) {
        const inputs = [cases.tensor([size], low, high)];
        yield { inputs, op, ...reference, rtol: 3e-6, atol: 3e-7 };
      }
    },
  };
  const values = low >= 0 ? extremes.filter((v) => !(v < 0)) : extremes;
  return [
    usual,
    {
      name: `${name} of zeros, infinities and NaN`,
      cases: () => [
        { inputs: [plain([values.length], values)], op, ...reference, rtol: 2e-6, atol: 1e-37 },
      ],
    },
  ];
}

const special = plain([specialNumbers.length], specialNumbers);

/** By the series of its integral. */
function erf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const z = Math.abs(x);
  if (z > 6) return Math.sign(x);
  let term = z;
  let sum = z;
  for (let n = 1; n < 200; n++) {
    term *= (-z * z) / n;
    sum += term / (2 * n + 1);
  }
  return (Math.sign(x) * sum * 2) / Math.sqrt(Math.PI);
}

const waves: ConformanceTest[] = (
  [
    ['sine', tf.sin, Math.sin],
    ['cosine', tf.cos, Math.cos],
  ] as const
).flatMap(([name, wave, exact]) => [
  {
    name: `${name}, also far out`,
    *cases() {
      const cases = new Cases(263);
      for (const reach of [0.9, 7, 8000, 1e6, 1e30]) {
        const inputs = [cases.tensor([101], -reach, reach)];
        yield { inputs, op: (x) => wave(x!), reference: each(exact), rtol: 2e-6, atol: 2e-7 };
      }
    },
  },
  {
    name: `${name} of special numbers`,
    cases: () => [{ inputs: [special], op: (x) => wave(x!), rtol: 2e-7, atol: 0 }],
  },
]);

export const unaryTests: readonly ConformanceTest[] = [
  ...Object.entries(functions).flatMap(([name, unary]) => testsOf(name, unary)),
  ...waves,
  {
    name: 'the error function',
    *cases() {
      const op: Op = (x) => tf.erf(x!);
      const x = new Cases(269).tensor([301], -4, 4);
      yield { inputs: [x], op, reference: each(erf), rtol: 0, atol: 2.5e-7 };
      yield {
        inputs: [plain([6], [1e-20, -1e-6, 0, NaN, Infinity, -Infinity])],
        op,
        reference: () => tf.tensor1d([1.1283792e-20, -1.1283792e-6, 0, NaN, 1, -1]),
        rtol: 1e-6,
        atol: 0,
      };
    },
  },
  {
    name: 'rounding, halves to even',
    cases: () => {
      const values = [...specialNumbers, 1.5, -1.5, 2.49, 8388609, 3e38];
      const inputs = [plain([values.length], values)];
      return [{ inputs, op: (x) => tf.round(x!), rtol: 0, atol: 0 }];
    },
  },
];
