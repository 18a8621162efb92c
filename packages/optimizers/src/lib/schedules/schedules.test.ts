import { type Schedule, UsageError } from '@ganloom/core';
import { expect, it } from 'vitest';
import fixture from '../../../fixtures/optimizers.json';
import { constant } from './constant';
import { cosineDecay, linearDecay } from './decay';
import { exponentialDecay, stepDecay } from './exponential-decay';
import { warmUp } from './warm-up';

const at = (schedule: Schedule, ...updates: number[]) => updates.map((n) => schedule.at(n));

it.each<[string, Schedule, [update: number, rate: number][]]>([
  ['constant', constant(0.25), [0, 1, 1e9].map((n) => [n, 0.25])],
  [
    'linear',
    linearDecay({ from: 0.8, updates: 4 }),
    [
      [0, 0.8],
      [1, 0.6],
      [3, 0.2],
      [4, 0],
      [99, 0],
    ],
  ],
  [
    'linear, later and upwards',
    linearDecay({ from: 1, to: 3, updates: 10, after: 100 }),
    [
      [0, 1],
      [100, 1],
      [105, 2],
      [110, 3],
      [111, 3],
    ],
  ],
  [
    'cosine',
    cosineDecay({ from: 1, to: 0.2, updates: 6, after: 2 }),
    [
      [1, 1],
      [2, 1],
      // (1 + cos 60°) / 2 = 3/4
      [4, 0.8],
      [5, 0.6],
      [6, 0.4],
      [8, 0.2],
      [9, 0.2],
    ],
  ],
  [
    'exponential',
    exponentialDecay({ from: 2, rate: 0.25, updates: 10 }),
    [
      [0, 2],
      [5, 1],
      [10, 0.5],
      [20, 0.125],
    ],
  ],
  [
    'steps',
    stepDecay({ from: 2, rate: 0.1, updates: 3 }),
    [
      [2, 2],
      [3, 0.2],
      [5, 0.2],
      [6, 0.02],
    ],
  ],
  [
    'warm-up',
    warmUp(linearDecay({ from: 1, updates: 10 }), { updates: 4 }),
    [
      [0, 0.25],
      [1, 0.45],
      [3, 0.7],
      [4, 0.6],
      [10, 0],
    ],
  ],
  [
    'warm-up of a number',
    warmUp(3, { updates: 2 }),
    [
      [0, 1.5],
      [1, 3],
      [2, 3],
    ],
  ],
])('%s', (_, schedule, expected) => {
  for (const [update, rate] of expected) expect(schedule.at(update)).toBeCloseTo(rate, 12);
});

it.each([
  ['linear', linearDecay({ from: 0.5, to: 0.1, updates: 8 })],
  ['cosine', cosineDecay({ from: 0.5, to: 0.1, updates: 8 })],
  ['exponential', exponentialDecay({ from: 0.5, rate: 0.9, updates: 1 })],
  ['step', stepDecay({ from: 0.5, rate: 0.3, updates: 3 })],
] as const)('%s: the rates of PyTorch', (name, schedule) => {
  const expected = fixture.schedules[name];
  at(schedule, ...expected.keys()).forEach((rate, n) => expect(rate).toBeCloseTo(expected[n]!, 10));
});

it('say in words what they are', () => {
  const decay = linearDecay({ from: 0.002, updates: 50, after: 10 });
  expect(warmUp(decay, { updates: 5 }).name).toBe(
    'linear decay from 0.002 to 0 in 50 updates after 10, warmed up in 5 updates',
  );
  expect(stepDecay({ from: 1, rate: 0.1, updates: 9 }).name).toBe(
    'step decay from 1 by 0.1 each 9 updates',
  );
});

it.each([
  [() => constant(-1), 'constant: value must be a number of at least 0, got -1'],
  [
    () => linearDecay({ from: NaN, updates: 1 }),
    'linearDecay: from must be a number of at least 0, got NaN',
  ],
  [
    () => cosineDecay({ from: 1, updates: 0 }),
    'cosineDecay: updates must be a positive integer, got 0',
  ],
  [
    () => linearDecay({ from: 1, updates: 1, after: -1 }),
    'linearDecay: after must be an integer of at least 0, got -1',
  ],
  [
    () => exponentialDecay({ from: 1, rate: 0, updates: 1 }),
    'exponentialDecay: rate must be a number above 0, got 0',
  ],
  [
    () => stepDecay({ from: 1, rate: 0.5, updates: 1.5 }),
    'stepDecay: updates must be a positive integer, got 1.5',
  ],
  [() => warmUp(1, { updates: -2 }), 'warmUp: updates must be a positive integer, got -2'],
])('refuse what makes no sense', (make, message) => {
  expect(make).toThrow(message);
  expect(make).toThrow(UsageError);
});
