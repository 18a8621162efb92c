import { RandomStream } from '@ganloom/core';
import { checkAugmentation } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { instanceNoise } from './instance-noise';

beforeAll(async () => void (await tf.setBackend('cpu')));

const random = () => RandomStream.fromSeed(3);
const said = { logits: tf.zeros([1]) };

it('adds noise of the given deviation, to tensors of any rank', async () => {
  const x = tf.fill([5, 2], 3);
  const noise = tf.sub(instanceNoise({ stddev: 0.2 })(x, random()), x);
  expect(noise).toBeAllclose(random().normal([5, 2], 0, 0.2), { atol: 1e-6 });
  await checkAugmentation(instanceNoise());
});

it('fades by a schedule', async () => {
  const annealed = instanceNoise({
    stddev: { name: 'fading', at: (n) => Math.max(0, 0.4 - n / 10) },
  });
  const x = tf.zeros([3, 2]);
  for (const share of [1, 0.75, 0.5, 0.25, 0, 0]) {
    const y = annealed(x, random());
    expect(y).toBeAllclose(random().normal([3, 2], 0, 0.4 * share), { atol: 1e-7 });
    annealed.observe!(said, said);
  }
  await checkAugmentation(
    instanceNoise({ stddev: { name: 'fading', at: (n) => Math.max(0, 0.4 - n / 10) } }),
  );
  expect(annealed.state!['updates']!.trainable).toBe(false);
  expect(annealed.state!['updates']!).toBeAllclose([6]);
  tf.dispose(Object.values(annealed.state!));
});

it('says what it cannot take', () => {
  expect(() => instanceNoise({ stddev: -1 })).toThrow(
    'instanceNoise: stddev must be a number of at least 0, got -1',
  );
  const negative = { name: 'mine', at: () => -1 };
  expect(() => instanceNoise({ stddev: negative })).toThrow(
    'instanceNoise: stddev must be a number of at least 0, got -1',
  );
});
