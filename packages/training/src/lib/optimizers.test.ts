import { type Optimizer, UsageError } from '@ganloom/core';
import { expectNoLeak } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { afterEach, describe, expect, it } from 'vitest';
import fixture from '../../fixtures/optimizers.json';
import { adam } from './adam';
import { adamW } from './adam-w';
import { lion } from './lion';
import { rmsProp } from './rms-prop';
import { cosineDecay, linearDecay } from './schedules/decay';
import { sgd } from './sgd';

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

const kernel: tf.KernelConfig = {
  kernelName: 'AdamStep',
  backendName: 'cpu',
  // What a backend does: write into the memory of the three inputs.
  kernelFunc: ({ inputs, attrs, backend }) => {
    const { beta1, beta2, epsilon, stepSize, inverseSqrtBias2 } = attrs as Record<string, number>;
    const values = (info: tf.TensorInfo) =>
      (backend as tf.KernelBackend).readSync(info.dataId) as Float32Array;
    const [p, m, v, g] = ['variable', 'm', 'v', 'gradient'].map((name) => values(inputs[name]!));
    for (let i = 0; i < p!.length; i++) {
      m![i] = beta1! * m![i]! + (1 - beta1!) * g![i]!;
      v![i] = beta2! * v![i]! + (1 - beta2!) * g![i]! ** 2;
      p![i]! -= (stepSize! * m![i]!) / (Math.sqrt(v![i]!) * inverseSqrtBias2! + epsilon!);
    }
    return [];
  },
};

afterEach(() => {
  if (tf.getKernel('AdamStep', 'cpu')) tf.unregisterKernel('AdamStep', 'cpu');
});

const cases = [
  { name: 'adam', make: () => adam({ learningRate: 0.01 }), fused: false },
  { name: 'adam', make: () => adam({ learningRate: 0.01 }), fused: true },
  {
    name: 'adamEpsilon',
    make: () => adam({ learningRate: 0.02, beta1: 0.9, beta2: 0.99, epsilon: 0.1 }),
    fused: false,
  },
  {
    name: 'adamEpsilon',
    make: () => adam({ learningRate: 0.02, beta1: 0.9, beta2: 0.99, epsilon: 0.1 }),
    fused: true,
  },
  { name: 'sgd', make: () => sgd({ learningRate: 0.01 }), fused: false },
  { name: 'momentum', make: () => sgd({ learningRate: 0.01, momentum: 0.9 }), fused: false },
  {
    name: 'nesterov',
    make: () => sgd({ learningRate: 0.01, momentum: 0.9, nesterov: true }),
    fused: false,
  },
  ...[false, true].map((fused) => ({
    name: 'adamW' as const,
    make: () => adamW({ learningRate: 0.02, beta1: 0.9, beta2: 0.99, weightDecay: 0.5 }),
    fused,
  })),
  {
    name: 'rmsProp',
    make: () => rmsProp({ learningRate: 0.01, decay: 0.9, epsilon: 1e-6 }),
    fused: false,
  },
  { name: 'lion', make: () => lion({ learningRate: 0.01, weightDecay: 0.5 }), fused: false },
  ...[false, true].map((fused) => ({
    name: 'adamLinear' as const,
    make: () => adam({ learningRate: linearDecay({ from: 0.05, to: 0.01, updates: 8 }) }),
    fused,
  })),
  {
    name: 'nesterovLinear',
    make: () =>
      sgd({
        learningRate: linearDecay({ from: 0.05, to: 0.01, updates: 8 }),
        momentum: 0.9,
        nesterov: true,
      }),
    fused: false,
  },
] as const;

it.each(cases)(
  '$name makes the weights that PyTorch makes (fused: $fused)',
  ({ name, make, fused }) => {
    if (fused) tf.registerKernel(kernel);
    const optimizer = make();
    const variables = replay(optimizer);
    variables.forEach((variable, w) => {
      // 25 float32 updates, each rounded.
      expect(variable).toBeAllclose(fixture[name][w]!, { rtol: 1e-5, atol: 2e-6 });
    });
    tf.dispose(variables);
    optimizer.dispose();
  },
);

it('writes into no memory that somebody else reads', () => {
  tf.registerKernel(kernel);
  const optimizer = adam({ learningRate: 0.1 });
  const variable = tf.variable(tf.tensor1d([1, -0, 3]));
  const reader = variable.clone();
  optimizer.apply([variable], [tf.tensor1d([1, 0, 1])]);
  expect([...reader.dataSync()]).toEqual([1, -0, 3]);
  expect(variable).toBeAllclose([0.9, 0, 2.9]);
  tf.dispose([variable, reader]);
  optimizer.dispose();
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

const decay = cosineDecay({ from: 0.02, to: 0.001, updates: 7, after: 1 });
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
];

describe.each(makers)('%s', (_, make) => {
  const gradientAt = (i: number) => tf.tensor1d([Math.sin(i), Math.cos(i) / 100]);
  const play = (optimizer: Optimizer, variable: tf.Variable, from: number, to: number) => {
    for (let i = from; i < to; i++) tf.tidy(() => optimizer.apply([variable], [gradientAt(i)]));
  };

  it('leaves no tensor behind', () => {
    expectNoLeak(() => {
      const optimizer = make();
      const variables = Object.fromEntries(replay(optimizer).map((v, i) => [`${i}`, v]));
      optimizer.slots(variables);
      optimizer.restore(variables, { ...optimizer.slots(variables) });
      tf.tidy(() => {
        const list = Object.values(variables);
        const next = optimizer.rehearse!(list);
        next(
          list,
          list.map((v) => v.mul(0.5)),
        );
      });
      tf.dispose(variables);
      optimizer.dispose();
    });
  });

  it('goes on to the same bits from restored slots', () => {
    const [whole, first, second] = [make(), make(), make()];
    const [a, b] = [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.tensor1d([1, 2]))];
    play(whole, a, 0, 10);
    play(first, b, 0, 4);
    // Under the same name, but another variable, as in another process; what was there is forgotten.
    const c = tf.variable(b);
    play(second, c, 5, 7);
    c.assign(b);
    second.restore({ kernel: c }, first.slots({ kernel: b }));
    first.dispose();
    play(second, c, 4, 10);
    expect([...c.dataSync()]).toEqual([...a.dataSync()]);
    tf.dispose([a, b, c]);
    whole.dispose();
    second.dispose();
  });

  it.each([0, 3])('rehearses the updates that it would make, after %i', (made) => {
    const optimizer = make();
    const variable = tf.variable(tf.tensor1d([1, 2]));
    play(optimizer, variable, 0, made);
    const foreseen = tf.tidy(() => {
      const next = optimizer.rehearse!([variable]);
      let parameters: tf.Tensor[] = [variable];
      for (let i = made; i < made + 4; i++) {
        parameters = next(parameters, [undefined]);
        parameters = next(parameters, [gradientAt(i)]);
      }
      return [...parameters[0]!.dataSync()];
    });
    play(optimizer, variable, made, made + 4);
    expect(variable).toBeAllclose(foreseen, { rtol: 1e-6, atol: 1e-7 });
    variable.dispose();
    optimizer.dispose();
  });
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
])('refuse what makes no sense', (make, message) => {
  expect(make).toThrow(message);
  expect(make).toThrow(UsageError);
});
