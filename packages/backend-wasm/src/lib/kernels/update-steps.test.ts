import { createHash } from 'node:crypto';
import '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { restartWasm } from '../restart-wasm';
import { BACKEND_NAME } from './kernel';

afterAll(() => tf.removeBackend(BACKEND_NAME));

/** A kernel that updates its inputs in place, all but the last, from the last. */
interface Rule {
  readonly label: string;
  readonly kernel: string;
  readonly inputs: readonly string[];
  /** Of the update after `n` others. */
  attrs(n: number): tf.NamedAttrMap;
  /** What becomes of one element of each input but the last, in float64. */
  next(old: readonly number[], gradient: number, n: number): readonly number[];
}

const rate = (n: number) => 0.01 / (1 + n);

const adam = (shrinkage: number): Omit<Rule, 'label'> => {
  const [beta1, beta2, epsilon] = [0.5, 0.999, 1e-8];
  const stepSize = (n: number) => rate(n) / (1 - beta1 ** (n + 1));
  const inverseSqrtBias2 = (n: number) => 1 / Math.sqrt(1 - beta2 ** (n + 1));
  return {
    kernel: 'AdamStep',
    inputs: ['variable', 'm', 'v', 'gradient'],
    attrs: (n) => ({
      ...{ beta1, beta2, epsilon, shrinkage },
      stepSize: stepSize(n),
      inverseSqrtBias2: inverseSqrtBias2(n),
    }),
    next([p, oldM, oldV], g, n) {
      const m = beta1 * oldM! + (1 - beta1) * g;
      const v = beta2 * oldV! + (1 - beta2) * g ** 2;
      const step = (stepSize(n) * m) / (Math.sqrt(v) * inverseSqrtBias2(n) + epsilon);
      return [p! * (1 - shrinkage) - step, m, v];
    },
  };
};

const lion = (shrinkage: number): Omit<Rule, 'label'> => {
  const [beta1, beta2] = [0.9, 0.99];
  return {
    kernel: 'LionStep',
    inputs: ['variable', 'momentum', 'gradient'],
    attrs: (n) => ({ beta1, beta2, shrinkage, learningRate: rate(n) }),
    next([p, m], g, n) {
      // As tfjs has it, the sign of NaN is 0.
      const sign = Math.sign(beta1 * m! + (1 - beta1) * g) || 0;
      return [p! * (1 - shrinkage) - rate(n) * sign, beta2 * m! + (1 - beta2) * g];
    },
  };
};

const momentum = (nesterov: boolean): Omit<Rule, 'label'> => ({
  kernel: 'SgdStep',
  inputs: ['variable', 'momentum', 'gradient'],
  attrs: (n) => ({ learningRate: rate(n), momentum: 0.9, nesterov }),
  next([p, old], g, n) {
    const buffer = 0.9 * old! + g;
    return [p! - rate(n) * (nesterov ? g + 0.9 * buffer : buffer), buffer];
  },
});

const rules: readonly Rule[] = [
  { label: 'AdamStep', ...adam(0) },
  { label: 'AdamStep with weight decay', ...adam(0.02) },
  { label: 'LionStep', ...lion(0) },
  { label: 'LionStep with weight decay', ...lion(0.02) },
  {
    label: 'RmsPropStep',
    kernel: 'RmsPropStep',
    inputs: ['variable', 'meanSquare', 'gradient'],
    attrs: (n) => ({ learningRate: rate(n), decay: 0.9, epsilon: 1e-3 }),
    next([p, old], g, n) {
      const meanSquare = 0.9 * old! + 0.1 * g ** 2;
      return [p! - (rate(n) * g) / (Math.sqrt(meanSquare) + 1e-3), meanSquare];
    },
  },
  {
    label: 'SgdStep',
    kernel: 'SgdStep',
    inputs: ['variable', 'gradient'],
    attrs: (n) => ({ learningRate: rate(n), momentum: 0, nesterov: false }),
    next: ([p], g, n) => [p! - rate(n) * g],
  },
  { label: 'SgdStep with momentum', ...momentum(false) },
  { label: 'SgdStep with Nesterov’s momentum', ...momentum(true) },
  {
    label: 'LerpStep',
    kernel: 'LerpStep',
    inputs: ['target', 'source'],
    attrs: () => ({ amount: 0.25 }),
    next: ([p], g) => [0.75 * p! + 0.25 * g],
  },
];

/** The variable has values; what is remembered begins as zeros. */
const initial = ({ inputs }: Rule, n: number) =>
  inputs
    .slice(0, -1)
    .map((_, k) => Float32Array.from({ length: n }, (__, i) => (k === 0 ? Math.sin(1 + i) : 0)));

/** What updates by the kernel make of the inputs that it writes. */
function byKernel(rule: Rule, gradients: readonly Float32Array[]): tf.TypedArray[] {
  const written = initial(rule, gradients[0]!.length).map((values) => tf.tensor1d(values));
  const read = gradients.map((values) => tf.tensor1d(values));
  const before = tf.memory().numTensors;
  const { kernelFunc } = tf.getKernel(rule.kernel, BACKEND_NAME)!;
  read.forEach((gradient, n) => {
    const tensors = [...written, gradient];
    const inputs = Object.fromEntries(rule.inputs.map((name, k) => [name, tensors[k]!]));
    kernelFunc({ inputs, backend: tf.backend(), attrs: rule.attrs(n) });
  });
  expect(tf.memory().numTensors).toBe(before);
  expect(bits(read.map((tensor) => tensor.dataSync()))).toEqual(bits(gradients));
  const results = written.map((tensor) => tensor.dataSync());
  tf.dispose([written, read]);
  return results;
}

/** The same by the formula. */
function byFormula(rule: Rule, gradients: readonly Float32Array[]): Float64Array[] {
  const results = initial(rule, gradients[0]!.length).map((values) => Float64Array.from(values));
  gradients.forEach((gradient, n) =>
    gradient.forEach((g, i) => {
      const next = rule.next(
        results.map((array) => array[i]!),
        g,
        n,
      );
      results.forEach((array, k) => (array[i] = next[k]!));
    }),
  );
  return results;
}

/** Of changing signs and sizes, with zeros. */
const gradientsOf = (n: number, updates: number) =>
  Array.from({ length: updates }, (_, update) =>
    Float32Array.from({ length: n }, (__, i) =>
      (i + update) % 7 === 0 ? 0 : Math.sin(2 + update + 0.37 * i) * 10 ** ((i % 5) - 3),
    ),
  );

const bits = (arrays: readonly tf.TypedArray[]) =>
  arrays.map((array) => createHash('sha256').update(array).digest('hex'));

function expectAllclose(actual: readonly tf.TypedArray[], expected: readonly Float64Array[]) {
  expect(actual.length).toBe(expected.length);
  // Roundings of sums of a few values of either sign, up to 10 in size.
  actual.forEach((values, k) => expect(values).toBeAllclose(expected[k]!, { atol: 5e-6 }));
}

describe.each(rules)('$label', (rule) => {
  it('follows the formula in float64, with the same bits on one thread and on two', async () => {
    const sizes = [0, 1, 3, 5, 31, 40_001].map((n) => gradientsOf(n, 5));
    const expected = sizes.map((gradients) => byFormula(rule, gradients));
    for (const options of [{}, { relaxedSimd: false }]) {
      await restartWasm({ threads: 1, ...options });
      const alone = sizes.map((gradients) => byKernel(rule, gradients));
      alone.forEach((actual, k) => expectAllclose(actual, expected[k]!));
      await restartWasm({ threads: 2, ...options });
      const together = sizes.map((gradients) => byKernel(rule, gradients));
      expect(together.map(bits)).toEqual(alone.map(bits));
    }
  });

  it('spreads NaN to what comes of it alone', async () => {
    await restartWasm({ threads: 1 });
    const gradients = gradientsOf(6, 3);
    // One of four that are updated at once, and one that is updated alone.
    for (const i of [1, 5]) gradients[0]![i] = NaN;
    const actual = byKernel(rule, gradients);
    expectAllclose(actual, byFormula(rule, gradients));
    const isNaN = Array.from(actual.at(-1)!, (value) => Number.isNaN(value));
    expect(isNaN).toEqual([false, true, false, false, false, true]);
  });
});
