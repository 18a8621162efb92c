import { RandomStream } from '@ganloom/core';
import { expectNoLeak } from '@ganloom/test-tools';
import { checkAugmentation } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { adaptive } from './adaptive';
import { brightness } from './color';
import { instanceNoise } from './instance-noise';

beforeAll(async () => void (await tf.setBackend('cpu')));

const twice = (x: tf.Tensor) => tf.mul(x, 2);
const fake = { logits: tf.zeros([1]) };
/** A critique of which `share` of the logits are positive. */
const real = (share: number) => ({
  logits: tf.tensor1d(Array.from({ length: 10 }, (_, i) => (i < 10 * share ? 3 : -0.1))),
});

it('raises p above the target, lowers it below, and stays in [0, 1]', () => {
  const augment = adaptive({ augmentations: [twice], every: 2, examples: 100 });
  const { probability } = augment.state!;
  const p = () => probability!.dataSync()[0]!;
  const x = tf.ones([10, 1]);
  const observe = (...shares: number[]) => {
    for (const share of shares) {
      tf.dispose(augment(x, RandomStream.fromSeed(1)));
      augment.observe!(real(share), fake);
    }
  };
  expect(probability!.trainable).toBe(false);
  // r = 2·share − 1, over two updates; a step is 2·10 / 100.
  observe(0.9);
  expect(p()).toBe(0);
  observe(0.9);
  expect(p()).toBeCloseTo(0.2);
  observe(1, 1);
  expect(p()).toBeCloseTo(0.4);
  // r = (1 + 0) / 2, just below 0.6
  observe(1, 0.5);
  expect(p()).toBeCloseTo(0.2);
  observe(0, 0, 0, 0);
  expect(p()).toBe(0);
  for (let i = 0; i < 6; i++) observe(1, 1);
  expect(p()).toBe(1);
  tf.dispose([x, ...Object.values(augment.state!)]);
});

it('augments with the probability it has come to', async () => {
  const augment = adaptive({ augmentations: [twice], every: 1, examples: 40 });
  const x = tf.ones([20, 1]);
  const random = RandomStream.fromSeed(1);
  expect(augment(x, random)).toBeAllclose(x);
  augment.observe!(real(1), fake);
  const half = augment(x, random).dataSync();
  expect(new Set(half)).toEqual(new Set([1, 2]));
  augment.observe!(real(1), fake);
  expect(augment(x, random)).toBeAllclose(twice(x));
  await checkAugmentation(augment);
  tf.dispose(Object.values(augment.state!));
});

it('gives each augmentation chances of its own, and tells those that adapt', () => {
  const noise = instanceNoise({ stddev: { name: 'even', at: () => 0.1 } });
  const augment = adaptive({ augmentations: [brightness(), noise], every: 1, examples: 1 });
  expect(Object.keys(augment.state!)).toEqual([
    ...['probability', 'signs', 'updates', '1-updates'],
  ]);
  expect(augment.statistics).toEqual({ augmentationProbability: augment.state!['probability'] });
  const x = tf.zeros([40, 1, 1, 1]);
  tf.dispose(augment(x, RandomStream.fromSeed(1)));
  const said = real(1);
  expectNoLeak(() => augment.observe!(said, fake));
  expect(noise.state!['updates']!).toBeAllclose([1]);
  augment.state!['probability']!.assign(tf.scalar(0.5));
  const y = augment(x, RandomStream.fromSeed(1));
  const unchanged = [...y.dataSync()].filter((v) => v === 0).length;
  // A quarter is left by both; by one chance for both, a half would be.
  expect(unchanged).toBeGreaterThan(3);
  expect(unchanged).toBeLessThan(17);
  tf.dispose(Object.values(augment.state!));
});

it('lets NaN come through, at once', () => {
  const augment = adaptive({ augmentations: [twice] });
  const x = tf.ones([10, 1]);
  tf.dispose(augment(x, RandomStream.fromSeed(1)));
  const said = { logits: tf.tensor1d([1, NaN, -1]) };
  expectNoLeak(() => augment.observe!(said, fake));
  expect(augment.state!['probability']!).toBeAllclose([NaN]);
  expect(augment.state!['signs']!).toBeAllclose([NaN]);
  tf.dispose([x, said.logits, ...Object.values(augment.state!)]);
});

it('says what it cannot take', () => {
  expect(() => adaptive({ augmentations: [], target: 2 })).toThrow(
    'adaptive: target must be a number from -1 to 1, got 2',
  );
  expect(() => adaptive({ augmentations: [], every: 0 })).toThrow(
    'adaptive: every must be a positive integer, got 0',
  );
});
