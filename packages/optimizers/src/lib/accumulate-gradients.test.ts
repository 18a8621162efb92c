import type { Optimizer } from '@ganloom/core';
import { checkOptimizer } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { accumulateGradients } from './accumulate-gradients';
import { adam } from './adam';
import { sgd } from './sgd';

beforeAll(async () => void (await tf.setBackend('cpu')));

const give = (optimizer: Optimizer, variables: tf.Variable[], gradients: number[]) =>
  tf.tidy(() =>
    optimizer.apply(
      variables,
      gradients.map((g) => tf.scalar(g)),
    ),
  );

it('updates at every third call, by the mean', () => {
  const optimizer = accumulateGradients(sgd({ learningRate: 1 }), { calls: 3 });
  const [a, b] = [tf.variable(tf.scalar(10)), tf.variable(tf.scalar(20))];
  const values = () => [a.dataSync()[0], b.dataSync()[0]];
  give(optimizer, [a, b], [1, 6]);
  give(optimizer, [a], [2]);
  give(optimizer, [], []);
  expect(values()).toEqual([10, 20]);
  // The third: (1 + 2 + 6) / 3, and b had one gradient of three, 6 / 3 + 3 / 3.
  give(optimizer, [b, a], [3, 6]);
  expect(values()).toEqual([7, 17]);
  give(optimizer, [a], [9]);
  give(optimizer, [a], [9]);
  expect(values()).toEqual([7, 17]);
  give(optimizer, [a], [9]);
  expect(values()).toEqual([-2, 17]);
  tf.dispose([a, b]);
  optimizer.dispose();
});

it.each([1, 2, 3, 4, 5])('goes on to the same bits from slots saved after call %i', (at) => {
  const make = () => accumulateGradients(adam({ learningRate: 0.1 }), { calls: 3 });
  const steps = (optimizer: Optimizer, variables: tf.Variable[], from: number, to: number) => {
    for (let i = from; i < to; i++) {
      // The second has no gradient in every other call.
      const some = i % 2 === 0 ? variables : variables.slice(0, 1);
      give(optimizer, some, [Math.sin(i), Math.cos(i)].slice(0, some.length));
    }
  };
  const start = () => [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(2))];
  const named = ([a, b]: tf.Variable[]) => ({ a: a!, b: b! });
  const [whole, first, second] = [make(), make(), make()];
  const [v, w] = [start(), start()];
  steps(whole, v, 0, 9);
  steps(first, w, 0, at);
  // What was there is forgotten.
  const copies = w.map((variable) => tf.variable(variable));
  give(second, copies, [5, 5]);
  second.restore(named(copies), first.slots(named(w)));
  first.dispose();
  steps(second, copies, at, 9);
  expect(copies.map((x) => x.dataSync()[0])).toEqual(v.map((x) => x.dataSync()[0]));
  tf.dispose([v, w, copies]);
  whole.dispose();
  second.dispose();
});

it('names its slots as its variables are named, and has none after an update', () => {
  const optimizer = accumulateGradients(sgd({ learningRate: 1, momentum: 0.5 }), { calls: 2 });
  const [w, other] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(1))];
  give(optimizer, [w], [3]);
  const slots = optimizer.slots({ w, other });
  expect(Object.keys(slots)).toEqual(['w/gradientSum', 'w/gradientCalls']);
  expect(slots['w/gradientSum']!).toBeAllclose([3]);
  expect(slots['w/gradientCalls']!).toBeAllclose([1]);
  give(optimizer, [w], [1]);
  expect(Object.keys(optimizer.slots({ w, other }))).toEqual(['w/momentum', 'w/updates']);
  tf.dispose([w, other]);
  optimizer.dispose();
});

it.each([1, 2, 3])('makes an optimizer that updates at call %i of so many', (calls) =>
  checkOptimizer(() => accumulateGradients(adam({ learningRate: 0.1 }), { calls })),
);

it('says what it is, and what it cannot take', () => {
  const optimizer = accumulateGradients(sgd({ learningRate: 1 }), { calls: 4 });
  expect(optimizer.name).toBe('accumulate-gradients(sgd)');
  expect(optimizer.settings).toEqual({ learningRate: 1, momentum: 0, accumulatedCalls: 4 });
  expect(() => accumulateGradients(optimizer, { calls: 0 })).toThrow(
    'accumulateGradients: calls must be a positive integer, got 0',
  );
});

it('cannot be unrolled', () => {
  expect(accumulateGradients(sgd({ learningRate: 1 }), { calls: 2 })).not.toHaveProperty(
    'rehearse',
  );
});
