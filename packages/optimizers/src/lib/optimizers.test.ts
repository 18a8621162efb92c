import { useBackend } from '@ganloom/backends';
import { moveTowards } from '@ganloom/gradients';
import { type Optimizer, UsageError } from '@ganloom/core';
import { checkOptimizer } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import fixture from '../../fixtures/optimizers.json';
import { adam } from './adam';
import { adamW } from './adam-w';
import { lion } from './lion';
import { rmsProp } from './rms-prop';
import { cosineDecay, linearDecay } from './schedules/decay';
import { sgd } from './sgd';

beforeAll(async () => void (await useBackend('wasm', { threads: 1 })));

/** The 25 steps that PyTorch took in fixtures/optimizers.py. */
function replay(optimizer: Optimizer): tf.Variable[] {
  const variables = fixture.weights.map((values, w) =>
    tf.tidy(() => tf.variable(tf.tensor(values, fixture.shapes[w]))),
  );
  for (const step of fixture.gradients) {
    tf.tidy(() =>
      optimizer.apply(
        variables,
        step.map((values, w) => tf.tensor(values, fixture.shapes[w])),
      ),
    );
  }
  return variables;
}

/** Makers by what the fixture calls their weights. */
const cases = {
  adam: () => adam({ learningRate: 0.01 }),
  adamEpsilon: () => adam({ learningRate: 0.02, beta1: 0.9, beta2: 0.99, epsilon: 0.1 }),
  adamLinear: () => adam({ learningRate: linearDecay({ from: 0.05, to: 0.01, updates: 8 }) }),
  adamW: () => adamW({ learningRate: 0.02, beta1: 0.9, beta2: 0.99, weightDecay: 0.5 }),
  rmsProp: () => rmsProp({ learningRate: 0.01, decay: 0.9, epsilon: 1e-6 }),
  lion: () => lion({ learningRate: 0.01, weightDecay: 0.5 }),
  sgd: () => sgd({ learningRate: 0.01 }),
  momentum: () => sgd({ learningRate: 0.01, momentum: 0.9 }),
  nesterov: () => sgd({ learningRate: 0.01, momentum: 0.9, nesterov: true }),
  nesterovLinear: () =>
    sgd({
      learningRate: linearDecay({ from: 0.05, to: 0.01, updates: 8 }),
      momentum: 0.9,
      nesterov: true,
    }),
} as const;

const decay = cosineDecay({ from: 0.02, to: 0.001, updates: 7, after: 1 });
const rising = linearDecay({ from: 0.5, to: 0.9, updates: 6 });
const makers: readonly (readonly [string, () => Optimizer])[] = [
  ['adam', () => adam({ learningRate: 0.01 })],
  ['adam with a schedule', () => adam({ learningRate: decay })],
  ['adam-w with a schedule', () => adamW({ learningRate: decay, weightDecay: 2 })],
  ['rms-prop', () => rmsProp({ learningRate: 0.01 })],
  ['rms-prop with a schedule', () => rmsProp({ learningRate: decay })],
  ['lion', () => lion({ learningRate: 0.01, weightDecay: 1 })],
  ['lion with a schedule', () => lion({ learningRate: decay })],
  ['sgd', () => sgd({ learningRate: 0.01 })],
  ['sgd with a schedule', () => sgd({ learningRate: decay })],
  ['sgd with momentum', () => sgd({ learningRate: 0.01, momentum: 0.9 })],
  [
    'sgd with Nesterov’s momentum and a schedule',
    () => sgd({ learningRate: decay, momentum: 0.9, nesterov: true }),
  ],
  [
    'adam with schedules of β₁ and β₂',
    () => adam({ learningRate: 0.01, beta1: decay, beta2: rising }),
  ],
  ['adam-w with a schedule of λ', () => adamW({ learningRate: 0.01, weightDecay: rising })],
  ['rms-prop with a schedule of α', () => rmsProp({ learningRate: 0.01, decay: rising })],
  [
    'lion with schedules of β₁, β₂ and λ',
    () => lion({ learningRate: 0.01, beta1: rising, beta2: rising, weightDecay: decay }),
  ],
  ['sgd with a schedule of μ', () => sgd({ learningRate: 0.01, momentum: rising })],
  [
    'sgd with a schedule of Nesterov’s μ',
    () => sgd({ learningRate: decay, momentum: rising, nesterov: true }),
  ],
];

describe.each([
  { form: 'fused', backend: 'ganloom-wasm' },
  { form: 'composed', backend: 'cpu' },
])('$form updates', ({ form, backend }) => {
  beforeAll(async () => void (await tf.setBackend(backend)));

  it.each(Object.entries(cases))('of %s make the weights that PyTorch makes', (name, make) => {
    const optimizer = make();
    const variables = replay(optimizer);
    variables.forEach((variable, w) => {
      // 25 float32 updates, each rounded.
      const expected = fixture[name as keyof typeof cases][w]!;
      expect(variable).toBeAllclose(expected, { rtol: 1e-5, atol: 2e-6 });
    });
    tf.dispose(variables);
    optimizer.dispose();
  });

  describe.each(makers)('of %s', (_, make) => {
    it('make an optimizer', () => checkOptimizer(make));

    it(`are ${form}`, async () => {
      const optimizer = make();
      const variable = tf.variable(tf.tensor1d([1, 2]));
      const gradient = tf.tensor1d([0.5, -0.25]);
      optimizer.apply([variable], [gradient]);
      const { kernelNames } = await tf.profile(() => {
        optimizer.apply([variable], [gradient]);
        return variable;
      });
      // A fused update is no operation of the engine.
      expect(kernelNames.length > 0).toBe(form === 'composed');
      tf.dispose([variable, gradient]);
      optimizer.dispose();
    });
  });
});

it.each(makers)('fused and composed updates of %s agree for long', async (_, make) => {
  // Of several sizes; one is NaN once.
  const gradient = (i: number, k: number) =>
    i === 250 && k === 5 ? NaN : Math.sin(i * (1 + k) + k) * 10 ** ((k % 4) - 2);
  const played = async (backend: string) => {
    await tf.setBackend(backend);
    const gradients = (i: number) =>
      tf.tensor1d(Array.from({ length: 37 }, (__, k) => gradient(i, k)));
    const optimizer = make();
    const variable = tf.variable(tf.linspace(-2, 2, 37));
    for (let i = 0; i < 300; i++) {
      tf.tidy(() => optimizer.apply([variable], [gradients(i)]));
    }
    const slots = optimizer.slots({ kernel: variable });
    const values = [variable, ...Object.values(slots)].map((tensor) => tensor.dataSync());
    variable.dispose();
    optimizer.dispose();
    return { names: Object.keys(slots), values };
  };
  const [fused, composed] = [await played('ganloom-wasm'), await played('cpu')];
  expect(fused.names).toEqual(composed.names);
  // 300 roundings of values of about 1.
  fused.values.forEach((values, k) =>
    expect(values).toBeAllclose(composed.values[k]!, { rtol: 1e-5, atol: 2e-6 }),
  );
});

it('keeps the moments of a variable when the list of variables changes', () => {
  const run = (lists: number[][]) => {
    const optimizer = adam({ learningRate: 0.1 });
    const variables = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(2))];
    lists.forEach((list, step) =>
      tf.tidy(() =>
        optimizer.apply(
          list.map((i) => variables[i]!),
          list.map((i) => tf.scalar(i === 0 ? step + 1 : -5)),
        ),
      ),
    );
    const value = variables[0]!.dataSync()[0];
    tf.dispose(variables);
    optimizer.dispose();
    return value;
  };
  expect(run([[0], [1, 0], [0, 1]])).toBe(run([[0], [0], [0]]));
});

it('names its slots as its variables are named', () => {
  const variable = tf.variable(tf.scalar(1));
  const optimizer = adam();
  optimizer.apply([variable], [tf.scalar(1)]);
  optimizer.apply([variable], [tf.scalar(1)]);
  const slots = optimizer.slots({ kernel: variable, other: tf.variable(tf.scalar(1)) });
  expect(Object.keys(slots)).toEqual(['kernel/m', 'kernel/v', 'kernel/updates']);
  expect(slots['kernel/updates']).toBeAllclose([2]);
  expect(slots['kernel/m']).toBeAllclose([0.75]);
  variable.dispose();
  optimizer.dispose();
});

describe('slots that are not whole', () => {
  const restoring = (optimizer: Optimizer, slots: Record<string, tf.Tensor>) => {
    const kernel = tf.variable(tf.tensor1d([1, 2]));
    optimizer.apply([kernel], [tf.tensor1d([1, 1])]);
    const before = [...kernel.dataSync()];
    const later = () => {
      optimizer.apply([kernel], [tf.tensor1d([1, 1])]);
      return [...kernel.dataSync()].map((value, i) => value - before[i]!);
    };
    return { restore: () => optimizer.restore({ kernel }, slots), later };
  };

  it('are refused, and what was remembered stays', () => {
    const { restore, later } = restoring(sgd({ learningRate: 1, momentum: 0.5 }), {
      'kernel/updates': tf.scalar(3, 'int32'),
    });
    expect(restore).toThrow(
      'sgd: restore: "kernel" must have the slots momentum, updates, got "updates"; these are the slots of',
    );
    expect(later()).toEqual([-1.5, -1.5]);
    const { restore: ofAdam } = restoring(adam(), { 'kernel/m': tf.zeros([2]) });
    expect(ofAdam).toThrow('adam: restore: "kernel" must have the slots m, v, updates, got "m"');
  });

  it('may lack the count, as those of earlier versions do, unless the rate depends on it', () => {
    const old = { 'kernel/momentum': tf.tensor1d([4, 4]) };
    const { restore, later } = restoring(sgd({ learningRate: 1, momentum: 0.5 }), old);
    restore();
    expect(later()).toEqual([-3, -3]);
    const scheduled = sgd({ learningRate: linearDecay({ from: 1, updates: 9 }), momentum: 0.5 });
    expect(restoring(scheduled, old).restore).toThrow(
      'must have the slots momentum, updates, got "momentum"; these are the slots of another ' +
        'optimizer, or of an older version',
    );
  });
});

it('decay weights apart from the gradient’s moments', () => {
  const variable = tf.variable(tf.tensor1d([2, -4]));
  const optimizer = adamW({ learningRate: 0.1, weightDecay: 0.5 });
  // No gradient: the weights shrink by 0.1 · 0.5 and no more.
  optimizer.apply([variable], [tf.tensor1d([0, 0])]);
  expect(variable).toBeAllclose([1.9, -3.8]);
  expect(optimizer.slots({ kernel: variable })['kernel/v']).toBeAllclose([0, 0]);
  variable.dispose();
  optimizer.dispose();
});

it.each([
  [() => sgd({ learningRate: 1, nesterov: true }), 'sgd: nesterov needs a momentum above 0, got 0'],
  [() => adamW({ weightDecay: -1 }), 'adamW: weightDecay must be a number of at least 0, got -1'],
  [() => lion({ weightDecay: NaN }), 'lion: weightDecay must be a number of at least 0, got NaN'],
  [() => lion({ beta2: 1 }), 'lion: beta2 must be a number of at least 0 and below 1, got 1'],
  [() => adam({ beta1: 1 }), 'adam: beta1 must be a number of at least 0 and below 1, got 1'],
  [() => adamW({ learningRate: -1 }), 'adamW: learningRate must be a number of at least 0, got -1'],
  [() => rmsProp({ decay: -0.1 }), 'rmsProp: decay must be a number of at least 0 and below 1'],
  [() => sgd({ learningRate: 1, momentum: NaN }), 'sgd: momentum must be a finite number, got NaN'],
])('refuse what makes no sense', (make, message) => {
  expect(make).toThrow(message);
  expect(make).toThrow(UsageError);
});

it.each(['cpu', 'ganloom-wasm'])(
  'stands still where there is no gradient, without an epsilon: %s',
  async (backend) => {
    const before = tf.getBackend();
    await tf.setBackend(backend);
    for (const optimizer of [
      rmsProp({ learningRate: 0.01, epsilon: 0 }),
      adam({ learningRate: 0.01, epsilon: 0 }),
    ]) {
      tf.tidy(() => {
        const weights = tf.variable(tf.tensor1d([1, 1]));
        optimizer.apply([weights], [tf.tensor1d([0, 1])]);
        const [still, moved] = weights.dataSync();
        expect(still).toBe(1);
        expect(moved).toBeLessThan(1);
        weights.dispose();
      });
      optimizer.dispose();
    }
    await tf.setBackend(before);
  },
);

it('updates by a gradient of another shape or type as the composed operations do', () => {
  tf.tidy(() => {
    const weights = tf.variable(tf.zeros([4]));
    sgd({ learningRate: 1 }).apply([weights], [tf.scalar(-8)]);
    expect(weights).toBeAllclose([8, 8, 8, 8]);
    sgd({ learningRate: 1 }).apply([weights], [tf.tensor1d([1, 2, 3, 4], 'int32')]);
    expect(weights).toBeAllclose([7, 6, 5, 4]);
    moveTowards(weights, tf.scalar(0), 0.5);
    expect(weights).toBeAllclose([3.5, 3, 2.5, 2]);
    weights.dispose();
  });
});
