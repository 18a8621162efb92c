import type { Optimizer } from '@ganloom/core';
import { expectNoLeak } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { afterEach, expect, it } from 'vitest';
import fixture from '../../fixtures/optimizers.json';
import { adam } from './adam';
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

it('leaves no tensor behind', () => {
  expectNoLeak(() => {
    for (const make of [() => adam(), () => sgd({ learningRate: 0.1, momentum: 0.5 })]) {
      const optimizer = make();
      const variables = Object.fromEntries(replay(optimizer).map((v, i) => [`${i}`, v]));
      optimizer.slots(variables);
      optimizer.restore(variables, { ...optimizer.slots(variables) });
      tf.dispose(variables);
      optimizer.dispose();
    }
  });
});

it.each([
  ['adam', () => adam({ learningRate: 0.01 })],
  ['sgd with momentum', () => sgd({ learningRate: 0.01, momentum: 0.9 })],
])('%s goes on to the same bits from restored slots', (_, make) => {
  const steps = (optimizer: Optimizer, variable: tf.Variable, from: number, to: number) => {
    for (let i = from; i < to; i++) {
      tf.tidy(() => optimizer.apply([variable], [tf.tensor1d([Math.sin(i), Math.cos(i) / 100])]));
    }
  };
  const [whole, first, second] = [make(), make(), make()];
  const [a, b] = [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.tensor1d([1, 2]))];
  steps(whole, a, 0, 10);
  steps(first, b, 0, 4);
  // Under the same name, but another variable, as in another process; what was there is forgotten.
  const c = tf.variable(b);
  steps(second, c, 5, 7);
  c.assign(b);
  second.restore({ kernel: c }, first.slots({ kernel: b }));
  first.dispose();
  steps(second, c, 4, 10);
  expect([...c.dataSync()]).toEqual([...a.dataSync()]);
  tf.dispose([a, b, c]);
  whole.dispose();
  second.dispose();
});
