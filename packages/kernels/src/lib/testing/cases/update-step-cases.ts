import * as tf from '@tensorflow/tfjs';
import type { InPlaceKernelName, InPlaceKernelTypes } from '../../kernel-types';
import { updateInPlace } from '../../update-in-place';
import { type ConformanceCase, type ConformanceTest, float32 } from '../conformance-case';
import type { Plain } from '../seeded-cases';

type Written<Name extends InPlaceKernelName> = InPlaceKernelTypes[Name]['written'];

/** Updates by one kernel. */
interface Rule<Name extends InPlaceKernelName> {
  readonly kernel: Name;
  /** What is written: the variable first, then what is remembered of it. */
  readonly written: readonly (keyof Written<Name> & string)[];
  readonly read: keyof InPlaceKernelTypes[Name]['read'] & string;
  /** Of the update after `n` others. */
  attrs(n: number): InPlaceKernelTypes[Name]['attrs'];
  /** What becomes of one element of all that is written, in float64. */
  next(old: readonly number[], gradient: number, n: number): readonly number[];
}

const rate = (n: number) => 0.01 / (1 + n);

const adam = (shrinkage: number): Rule<'AdamStep'> => {
  const [beta1, beta2, epsilon] = [0.5, 0.999, 1e-8];
  const stepSize = (n: number) => rate(n) / (1 - beta1 ** (n + 1));
  const inverseSqrtBias2 = (n: number) => 1 / Math.sqrt(1 - beta2 ** (n + 1));
  return {
    kernel: 'AdamStep',
    written: ['variable', 'm', 'v'],
    read: 'gradient',
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

const lion = (shrinkage: number): Rule<'LionStep'> => {
  const [beta1, beta2] = [0.9, 0.99];
  return {
    kernel: 'LionStep',
    written: ['variable', 'momentum'],
    read: 'gradient',
    attrs: (n) => ({ beta1, beta2, shrinkage, learningRate: rate(n) }),
    next([p, m], g, n) {
      const sign = Math.sign(beta1 * m! + (1 - beta1) * g);
      return [p! * (1 - shrinkage) - rate(n) * sign, beta2 * m! + (1 - beta2) * g];
    },
  };
};

const rmsProp: Rule<'RmsPropStep'> = {
  kernel: 'RmsPropStep',
  written: ['variable', 'meanSquare'],
  read: 'gradient',
  attrs: (n) => ({ learningRate: rate(n), decay: 0.9, epsilon: 1e-3 }),
  next([p, old], g, n) {
    const meanSquare = 0.9 * old! + 0.1 * g ** 2;
    return [p! - (rate(n) * g) / (Math.sqrt(meanSquare) + 1e-3), meanSquare];
  },
};

const sgd: Rule<'SgdStep'> = {
  kernel: 'SgdStep',
  written: ['variable'],
  read: 'gradient',
  attrs: (n) => ({ learningRate: rate(n), momentum: 0, nesterov: false }),
  next: ([p], g, n) => [p! - rate(n) * g],
};

const momentum = (nesterov: boolean): Rule<'SgdStep'> => ({
  kernel: 'SgdStep',
  written: ['variable', 'momentum'],
  read: 'gradient',
  attrs: (n) => ({ learningRate: rate(n), momentum: 0.9, nesterov }),
  next([p, old], g, n) {
    const buffer = 0.9 * old! + g;
    return [p! - rate(n) * (nesterov ? g + 0.9 * buffer : buffer), buffer];
  },
});

const lerp: Rule<'LerpStep'> = {
  kernel: 'LerpStep',
  written: ['target'],
  read: 'source',
  attrs: () => ({ amount: 0.25 }),
  next: ([p], g) => [0.75 * p! + 0.25 * g],
};

/** The variable has values; what is remembered begins as zeros. */
const initial = ({ written }: { written: readonly string[] }, size: number): Plain[] =>
  written.map((_, k) => ({
    shape: [size],
    values: Float32Array.from({ length: size }, (__, i) => (k === 0 ? Math.sin(1 + i) : 0)),
  }));

/** Of changing signs and sizes, with zeros. */
const gradientsOf = (size: number, updates: number): Plain[] =>
  Array.from({ length: updates }, (_, update) => ({
    shape: [size],
    values: Float32Array.from({ length: size }, (__, i) =>
      (i + update) % 7 === 0 ? 0 : Math.sin(2 + update + 0.37 * i) * 10 ** ((i % 5) - 3),
    ),
  }));

/** What a kernel makes of what it writes, one update for each gradient. */
function updated<Name extends InPlaceKernelName>(
  { kernel, written, read, attrs }: Rule<Name>,
  first: readonly tf.Tensor[],
  gradients: readonly tf.Tensor[],
): tf.Tensor[] {
  const variables = first.map((tensor) => tf.variable(tensor));
  const named = Object.fromEntries(written.map((name, k) => [name, variables[k]!]));
  const before = tf.memory().numTensors;
  gradients.forEach((gradient, n) => {
    const inputs = { [read]: gradient } as InPlaceKernelTypes[Name]['read'];
    if (!updateInPlace(kernel, named as Written<Name>, inputs, attrs(n))) {
      throw new Error(`${kernel} did not run`);
    }
  });
  if (tf.memory().numTensors !== before) throw new Error(`${kernel} made tensors`);
  return variables;
}

/** @throws Error if values are not to the bit what they were: also those whose memory variables shared. */
function checkUnchanged(tensors: readonly tf.Tensor[], were: readonly Plain[]): void {
  for (const [k, { values }] of were.entries()) {
    const are = tensors[k]!.dataSync();
    if (!values.every((value, i) => Object.is(value, are[i])))
      throw new Error(`input ${k} changed`);
  }
}

/** The same by the formula. */
function byFormula<Name extends InPlaceKernelName>(
  rule: Rule<Name>,
  first: readonly Plain[],
  gradients: readonly Plain[],
): tf.Tensor[] {
  const results = first.map(({ values }) => Float64Array.from(values));
  gradients.forEach(({ values }, n) =>
    values.forEach((g, i) => {
      const old = results.map((array) => array[i]!);
      const next = rule.next(old, g, n);
      results.forEach((array, k) => (array[i] = next[k]!));
    }),
  );
  return results.map((values) => float32(values, first[0]!.shape));
}

function updateCase<Name extends InPlaceKernelName>(
  rule: Rule<Name>,
  first: readonly Plain[],
  gradients: readonly Plain[],
): ConformanceCase {
  const inputs = [...first, ...gradients];
  return {
    inputs,
    op(...all) {
      const results = updated(rule, all.slice(0, first.length), all.slice(first.length));
      checkUnchanged(all, inputs);
      return results;
    },
    reference: () => byFormula(rule, first, gradients),
    // Roundings of sums of a few values of either sign, up to 10 in size.
    rtol: 1e-5,
    atol: 5e-6,
  };
}

function updateTest<Name extends InPlaceKernelName>(
  name: string,
  rule: Rule<Name>,
): ConformanceTest {
  return {
    name,
    kernels: [rule.kernel],
    *cases() {
      for (const size of [0, 1, 3, 5, 31, 40_001]) {
        yield updateCase(rule, initial(rule, size), gradientsOf(size, 5));
      }
      // One of four that are updated at once, and one that is updated alone.
      const gradients = gradientsOf(6, 3);
      for (const i of [1, 5]) gradients[0]!.values[i] = NaN;
      yield updateCase(rule, initial(rule, 6), gradients);
    },
  };
}

/** Updates of variables by their formulas in float64; NaN spreads to what comes of it alone. */
export const updateStepTests: readonly ConformanceTest[] = [
  updateTest('a step of Adam', adam(0)),
  updateTest('a step of Adam with weight decay', adam(0.02)),
  updateTest('a step of Lion', lion(0)),
  updateTest('a step of Lion with weight decay', lion(0.02)),
  updateTest('a step of RMSProp', rmsProp),
  updateTest('a step of gradient descent', sgd),
  updateTest('a step of gradient descent with momentum', momentum(false)),
  updateTest('a step of gradient descent with Nesterov’s momentum', momentum(true)),
  updateTest('a step of an exponential moving average', lerp),
];
