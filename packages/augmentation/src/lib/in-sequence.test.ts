import { RandomStream } from '@ganloom/core';
import { checkAugmentation } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { diffAugment } from './diff-augment';
import { inSequence } from './in-sequence';
import { instanceNoise } from './instance-noise';

beforeAll(async () => void (await tf.setBackend('cpu')));

it('goes in order, with other chances for each', () => {
  const noise = instanceNoise({ stddev: 1 });
  const twice = (x: tf.Tensor) => tf.mul(x, 2);
  const random = RandomStream.fromSeed(1);
  const y = inSequence([noise, twice, noise])(tf.zeros([4]), random);
  const first = random.fork('0').normal([4]);
  const second = random.fork('2').normal([4]);
  expect(y).toBeAllclose(tf.add(tf.mul(first, 2), second));
  expect(inSequence([])(first, random)).toBeAllclose(first);
});

it('joins what adapts, each under a name of its own', () => {
  const fading = { name: 'fading', at: (n: number) => 1 / (1 + n) };
  const parts = [fading, 0.1, fading].map((stddev) => instanceNoise({ stddev }));
  const statistics = { left: tf.scalar(1) };
  for (const i of [0, 2]) Object.assign(parts[i]!, { statistics });
  const all = inSequence(parts);
  expect(Object.keys(all.state!)).toEqual(['0-updates', '2-updates']);
  const said = { logits: tf.zeros([1]) };
  all.observe!(said, said);
  for (const variable of Object.values(all.state!)) expect(variable).toBeAllclose([1]);
  expect(all.statistics).toEqual({ left: statistics.left, '2-left': statistics.left });
  const plain = inSequence([instanceNoise()]);
  expect('state' in plain || 'statistics' in plain || 'observe' in plain).toBe(false);
  tf.dispose(Object.values(all.state!));
});

it('makes DiffAugment of its parts', async () => {
  await checkAugmentation(diffAugment());
});
