import { RandomStream } from '@ganloom/core';
import { checkAugmentation } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { brightness } from './color';
import { instanceNoise } from './instance-noise';
import { withProbability } from './with-probability';

beforeAll(async () => void (await tf.setBackend('cpu')));

const twice = (x: tf.Tensor) => tf.mul(x, 2);

it('changes each example or leaves it', async () => {
  const some = withProbability(0.3, twice);
  const y = some(tf.ones([1000, 1, 1, 2]), RandomStream.fromSeed(1)).dataSync();
  let changed = 0;
  for (let i = 0; i < 1000; i++) {
    expect(y[2 * i]).toBe(y[2 * i + 1]);
    expect([1, 2]).toContain(y[2 * i]);
    changed += y[2 * i]! - 1;
  }
  // 300 ± four standard deviations of 14.5
  expect(Math.abs(changed - 300)).toBeLessThan(58);
  await checkAugmentation(withProbability(0.5, brightness()));
});

it('never and always', () => {
  const x = tf.ones([50, 2]);
  const random = RandomStream.fromSeed(1);
  expect(withProbability(0, twice)(x, random)).toBeAllclose(x);
  expect(withProbability(1, twice)(x, random)).toBeAllclose(twice(x));
});

it('follows a scalar', () => {
  const p = tf.variable(tf.scalar(0));
  const some = withProbability(p, twice);
  const x = tf.ones([20, 2]);
  expect(some(x, RandomStream.fromSeed(1))).toBeAllclose(x);
  p.assign(tf.scalar(1));
  expect(some(x, RandomStream.fromSeed(1))).toBeAllclose(twice(x));
  p.dispose();
});

it('follows a schedule', () => {
  const some = withProbability({ name: 'later', at: (n) => (n < 2 ? n / 2 : 1) }, twice);
  const x = tf.ones([20, 2]);
  const said = { logits: tf.zeros([1]) };
  for (const p of [0, 0.5, 1, 1]) {
    const expected = withProbability(p, twice)(x, RandomStream.fromSeed(1));
    expect(some(x, RandomStream.fromSeed(1))).toBeAllclose(expected);
    some.observe!(said, said);
  }
  tf.dispose(Object.values(some.state!));
});

it('hands through what adapts', () => {
  const noise = instanceNoise({ stddev: { name: 'even', at: () => 0.1 } });
  const some = withProbability(0.5, noise);
  expect(some.state).toBe(noise.state);
  expect(some.observe).toBe(noise.observe);
  const statistics = { left: noise.state!['updates'] as tf.Scalar };
  const followed = Object.assign(instanceNoise(), { statistics });
  expect(withProbability(0.5, followed).statistics).toBe(statistics);
  expect(withProbability(0.5, twice).state).toBeUndefined();
  tf.dispose(Object.values(noise.state!));
  expect(() => withProbability(2, twice)).toThrow(
    'withProbability: probability must be a number from 0 to 1, got 2',
  );
});
