import type { Optimizer, Schedule } from '@ganloom/core';
import '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { adam } from './adam';
import { adamW } from './adam-w';
import { lion } from './lion';
import { remainderOf } from './remainder-of';
import { rmsProp } from './rms-prop';
import { sgd } from './sgd';

beforeAll(async () => void (await tf.setBackend('cpu')));

const list = (...values: number[]): Schedule => ({ name: 'list', at: (n) => values[n] ?? NaN });

/** A weight after each update by one of these gradients. */
function played(optimizer: Optimizer, start: number, gradients: readonly number[]): Float32Array {
  const weight = tf.variable(tf.scalar(start));
  const values = Float32Array.from(gradients, (gradient) => {
    tf.tidy(() => optimizer.apply([weight], [tf.scalar(gradient)]));
    return weight.dataSync()[0]!;
  });
  weight.dispose();
  optimizer.dispose();
  return values;
}

it('Adam corrects the bias by the product of what β was', () => {
  const optimizer = adam({
    learningRate: 1,
    beta1: list(0, 0.5, 0.75),
    beta2: list(0.5, 0.75, 0.5),
    epsilon: 0,
  });
  // Gradients 2, −4, 8. m: 2, −1, 1.25; its remainders 0, 0, 0.
  // v: 2, 0.75·2 + 0.25·16 = 5.5, 0.5·5.5 + 0.5·64 = 34.75; 1 − Π: 0.5, 0.625, 0.8125.
  const [first, second, third] = [
    -2 / Math.sqrt(2 / 0.5),
    1 / Math.sqrt(5.5 / 0.625),
    -1.25 / Math.sqrt(34.75 / 0.8125),
  ];
  const expected = [first, first + second, first + second + third];
  expect(played(optimizer, 0, [2, -4, 8])).toBeAllclose(expected, { rtol: 1e-6 });
});

it('Adam’s averages weigh all gradients by one in sum, whatever β was', () => {
  const beta = list(0.9, 0.3, 0.6, 0.99, 0);
  // Of equal gradients, each step is the learning rate.
  const optimizer = adam({ learningRate: 1, beta1: beta, beta2: beta, epsilon: 0 });
  const expected = [-1, -2, -3, -4, -5];
  expect(played(optimizer, 0, [3, 3, 3, 3, 3])).toBeAllclose(expected, { rtol: 1e-5 });
});

it('decoupled weight decay follows its schedule', () => {
  const optimizer = adamW({ learningRate: 0.5, weightDecay: list(0, 0.5, 1) });
  expect(played(optimizer, 8, [0, 0, 0])).toBeAllclose([8, 6, 3]);
});

it('RMSProp’s α follows its schedule', () => {
  const optimizer = rmsProp({ learningRate: 1, decay: list(0, 0.75), epsilon: 0 });
  // v: 4, then 0.75·4 + 0.25·16 = 7.
  expect(played(optimizer, 0, [2, 4])).toBeAllclose([-1, -1 - 4 / Math.sqrt(7)]);
});

it('Lion’s β₁, β₂ and λ follow their schedules', () => {
  const optimizer = lion({
    learningRate: 1,
    beta1: list(0, 0.75, 0.25),
    beta2: list(0.5, 0, 0),
    weightDecay: list(0, 0, 0.5),
  });
  // m: 0, 2, −1. u: sign 4, sign(0.75·2 − 0.25) and sign(−0.25 + 0.75·0.25).
  expect(played(optimizer, 0, [4, -1, 0.25])).toBeAllclose([-1, -2, -2 - -1 - -1]);
});

it('SGD’s momentum follows its schedule', () => {
  const heavy = sgd({ learningRate: 1, momentum: list(0.9, 0.5, -0.5) });
  // b: 1, 0.5·1 + 2 = 2.5, −1.25 + 1 = −0.25.
  expect(played(heavy, 0, [1, 2, 1])).toBeAllclose([-1, -3.5, -3.25]);
  const nesterov = sgd({ learningRate: 1, momentum: list(0.5, 0), nesterov: true });
  expect(played(nesterov, 0, [2, 4])).toBeAllclose([-3, -7]);
});

it('the count of updates is needed where any setting follows a schedule', () => {
  const [variable, old] = [tf.variable(tf.scalar(1)), tf.scalar(1)];
  const half: Schedule = { name: 'half', at: () => 0.5 };
  const restoring = (optimizer: Optimizer, ...slots: string[]) => {
    const given = Object.fromEntries(slots.map((slot) => [`kernel/${slot}`, old]));
    return () => optimizer.restore({ kernel: variable }, given);
  };
  const needed = 'these are the slots of another optimizer, or of an older version';
  expect(restoring(rmsProp({ decay: half }), 'meanSquare')).toThrow(needed);
  for (const setting of ['beta1', 'beta2', 'weightDecay']) {
    expect(restoring(lion({ [setting]: half }), 'momentum')).toThrow(needed);
  }
  expect(restoring(sgd({ learningRate: 1, momentum: half }), 'momentum')).toThrow(needed);
  expect(restoring(rmsProp(), 'meanSquare')).not.toThrow();
  expect(restoring(lion(), 'momentum')).not.toThrow();
});

it('what a schedule says is held to the range of its setting', () => {
  const one: Schedule = { name: 'one', at: () => 1 };
  expect(() => played(adam({ beta1: one }), 0, [1])).toThrow(
    'the schedule "one": after 0 updates it must be a number of at least 0 and below 1, got 1; see its at()',
  );
  const negative: Schedule = { name: 'negative', at: () => -1 };
  expect(() => played(adamW({ weightDecay: negative }), 0, [1])).toThrow(
    'must be a number of at least 0, got -1',
  );
});

it('what is left of the start depends on the number of updates alone', () => {
  const beta: Schedule = { name: 'mine', at: (n) => 1 - 1 / (n + 2) };
  const inOrder = remainderOf(beta);
  // Π (k + 1)/(k + 2) = 1/(n + 2).
  for (let n = 0; n < 50; n++) expect(inOrder(n)).toBeCloseTo(1 / (n + 2), 14);
  expect(remainderOf(beta)(40)).toBe(inOrder(40));
  expect(inOrder(0)).toBe(0.5);
  expect(remainderOf(0.999)(41)).toBe(0.999 ** 42);
  // 1 − Π is one long before Π is zero, and nothing is asked from there on.
  const asked: number[] = [];
  const tenth = remainderOf({ name: 'tenth', at: (n) => (asked.push(n), 0.1) });
  expect(1 - tenth(1e9)).toBe(1);
  expect(asked.length).toBeLessThan(20);
});
