import type { NamedVariables, Optimizer } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { checkOptimizer } from './check-optimizer';

beforeAll(async () => void (await tf.setBackend('cpu')));

const RATE = 0.1;
const MOMENTUM = 0.9;

/** Descent with momentum, in the fewest words. */
function heavyBall(more: (made: Optimizer, remembered: Memory) => Partial<Optimizer> = () => ({})) {
  const remembered: Memory = new Map();
  const of = (variable: tf.Variable) => {
    if (!remembered.has(variable)) {
      const zeros = tf.tidy(() => tf.variable(tf.zeros(variable.shape), false));
      remembered.set(variable, zeros);
    }
    return remembered.get(variable)!;
  };
  const forget = () => {
    tf.dispose([...remembered.values()]);
    remembered.clear();
  };
  const made: Optimizer = {
    name: 'heavy-ball',
    settings: { rate: RATE },
    apply: (variables, gradients) =>
      tf.tidy(() =>
        variables.forEach((variable, i) => {
          const velocity = of(variable);
          velocity.assign(tf.add(tf.mul(velocity, MOMENTUM), gradients[i]!));
          variable.assign(tf.sub(variable, tf.mul(velocity, RATE)));
        }),
      ),
    slots: (variables) => named(variables, remembered),
    rehearse(variables) {
      let velocities: tf.Tensor[] = variables.map((v) => remembered.get(v) ?? tf.zerosLike(v));
      return (parameters, gradients) => {
        velocities = velocities.map((velocity, i) =>
          gradients[i] ? tf.add(tf.mul(velocity, MOMENTUM), gradients[i]) : velocity,
        );
        return parameters.map((parameter, i) =>
          gradients[i] ? tf.sub(parameter, tf.mul(velocities[i]!, RATE)) : parameter,
        );
      };
    },
    restore(variables, slots) {
      const copies = Object.entries(variables).map(
        ([name, variable]) =>
          [variable, tf.tidy(() => tf.variable(slots[`${name}/velocity`]!, false))] as const,
      );
      forget();
      for (const [variable, copy] of copies) remembered.set(variable, copy);
    },
    dispose: forget,
  };
  return { ...made, ...more(made, remembered) };
}

type Memory = Map<tf.Variable, tf.Variable>;

function named(variables: NamedVariables, remembered: Memory): Record<string, tf.Tensor> {
  const entries = Object.entries(variables).filter(([, variable]) => remembered.has(variable));
  return Object.fromEntries(
    entries.map(([name, variable]) => [`${name}/velocity`, remembered.get(variable)!]),
  );
}

it('passes a right optimizer, on each backend', async () => {
  await checkOptimizer(() => heavyBall(), { backends: [() => tf.setBackend('cpu')] });
});

it('passes one that cannot rehearse', () =>
  checkOptimizer(() => {
    const { rehearse: _, ...rest } = heavyBall();
    return rest;
  }));

it.each<[string, Parameters<typeof heavyBall>[0], string]>([
  ['no name', () => ({ name: '' }), "not to be ''"],
  ['a leak', () => ({ dispose: () => {} }), 'undisposed'],
  [
    'what it restores',
    (made) => ({
      restore: (variables) =>
        tf.tidy(() => {
          const zeros = Object.entries(variables).map(([name, variable]) => [
            `${name}/velocity`,
            tf.zerosLike(variable),
          ]);
          made.restore(variables, Object.fromEntries(zeros) as Record<string, tf.Tensor>);
        }),
    }),
    'to deeply equal',
  ],
  ['what it keeps', () => ({ restore: () => {} }), 'to deeply equal'],
  [
    'a rehearsal',
    (made) => ({
      rehearse: (variables) => {
        const next = made.rehearse!(variables);
        return (parameters, gradients) =>
          next(
            parameters,
            gradients.map((g) => g && tf.mul(g, 1.001)),
          );
      },
    }),
    'toBeAllclose',
  ],
  [
    'a rehearsal of what has no gradient',
    (made) => ({
      rehearse: (variables) => {
        const next = made.rehearse!(variables);
        return (parameters, gradients) =>
          next(
            parameters,
            gradients.map((g, i) => g ?? tf.zerosLike(parameters[i]!)),
          );
      },
    }),
    'toBeAllclose',
  ],
  [
    'memory of others',
    (made) => ({
      apply(variables, gradients) {
        for (const gradient of gradients) gradient.dataSync().fill(7);
        made.apply(variables, gradients);
      },
    }),
    'toBeAllclose',
  ],
])('refuses %s that is wrong', async (_, more, message) => {
  await expect(checkOptimizer(() => heavyBall(more))).rejects.toThrow(message);
});
