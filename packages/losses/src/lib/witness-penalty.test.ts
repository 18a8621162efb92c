import type { Critique } from '@ganloom/core';
import { installGradients } from '@ganloom/gradients';
import { expectNoLeak, finiteDifference } from '@ganloom/test-tools';
import { termContext } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { gradientPenalty } from './gradient-penalty';
import { witnessPenalty } from './witness-penalty';

beforeAll(async () => {
  await tf.setBackend('cpu');
  installGradients();
});

const SCALES = [0.2, 0.5, 1, 2, 5];
const REAL = [0.5, -0.3];
const FAKE = [-0.9, 0.2];

/** D(x) = [w x, −w x], whose outputs cancel out in a sum. */
const opposite =
  (w: tf.Tensor) =>
  (x: tf.Tensor): Critique => ({ logits: tf.concat([tf.mul(w, x), tf.mul(tf.neg(w), x)], 1) });

const contextOf = (w: tf.Tensor, seen: number[][] = []) => {
  const critique = opposite(w);
  return termContext<tf.Tensor>({
    real: tf.tensor2d(REAL, [2, 1]),
    fake: tf.tensor2d(FAKE, [2, 1]),
    critique(x) {
      seen.push([...x.dataSync()]);
      return critique(x);
    },
  });
};

/** By its formula: points [w x, −w x] are 2w²(x − y)² apart, and slopes are differences of the witness. */
function reference(w: number, between: readonly number[], target = 1): number {
  const k = (x: number, y: number) =>
    SCALES.reduce((sum, s) => sum + (1 + (2 * w * w * (x - y) ** 2) / (2 * s)) ** -s, 0);
  const mean = (t: number, set: readonly number[]) =>
    set.reduce((sum, x) => sum + k(t, x), 0) / set.length;
  const witness = (t: number) => mean(t, REAL) - mean(t, FAKE);
  const slopes = between.map((t) => (witness(t + 1e-5) - witness(t - 1e-5)) / 2e-5);
  return slopes.reduce((sum, s) => sum + (Math.abs(s) - target) ** 2, 0) / slopes.length;
}

it.each([0.4, 1, 2.5])('is the formula and has its slope, where D is [w x, −w x]: w = %d', (at) => {
  const weight = tf.variable(tf.scalar(at));
  tf.tidy(() => {
    const seen: number[][] = [];
    const { value, grads } = tf.variableGrads(
      () => witnessPenalty().value(contextOf(weight, seen)),
      [weight],
    );
    // Real and fake ones are shown too.
    const between = seen.find(
      (x) => x[0] !== Math.fround(REAL[0]!) && x[0] !== Math.fround(FAKE[0]!),
    );
    expect(value).toBeAllclose([reference(at, between!)], { rtol: 1e-4 });
    const slope = finiteDifference(([w]) => reference(w!, between!), [at]);
    expect(grads[weight.name]!).toBeAllclose(slope, { rtol: 1e-3, atol: 1e-4 });
  });
  weight.dispose();
});

it('bounds what the sum of the logits does not', () => {
  tf.tidy(() => {
    const of = (w: number) => contextOf(tf.scalar(w));
    // The summed logits are flat, however steep their coordinates are.
    expect(gradientPenalty().value(of(1))).toBeAllclose([1], { rtol: 1e-5 });
    expect(gradientPenalty().value(of(9))).toBeAllclose([1], { rtol: 1e-5 });
    const [gentle, steep] = [1, 3].map((w) => {
      const term = witnessPenalty({ target: 0 });
      return term.value(of(w)).dataSync()[0]!;
    });
    expect(Math.abs(steep! - gentle!)).toBeGreaterThan(0.5);
  });
});

it('leaks nothing, and refuses what cannot be', () => {
  const [real, fake, w]: tf.Tensor[] = [tf.ones([2, 1]), tf.zeros([2, 1]), tf.scalar(2)];
  expectNoLeak(() =>
    tf.tidy(() => {
      const context = termContext({ real: real!, fake: fake!, critique: opposite(w!) });
      witnessPenalty().value(context).dataSync();
    }),
  );
  tf.dispose([real!, fake!, w!]);
  expect(witnessPenalty({ every: 4 })).toMatchObject({ every: 4, weight: 1 });
  expect(() => witnessPenalty({ scales: [] })).toThrow('witnessPenalty: scales must have at least');
  expect(() => witnessPenalty({ weight: -1 })).toThrow('witnessPenalty: weight must be a number');
});
