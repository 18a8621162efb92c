import { type Batch, type Game, RandomStream, type Sample } from '@ganloom/core';
import { adaptive, instanceNoise } from '@ganloom/augmentation';
import { checkGame, expectNoLeak } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { dense } from '../../test/networks';
import { augmented } from './augmented';
import { latentGame } from './latent-game';

beforeAll(async () => void (await tf.setBackend('cpu')));

const random = RandomStream.fromSeed(1);
const batch: Batch = { images: tf.ones([2, 1, 1, 1]) };

/** A game whose discriminator says what it is shown. */
const echo = {
  name: 'echo',
  critique: (sample: Sample) => (sample instanceof tf.Tensor ? { logits: sample } : sample),
} as unknown as Game<Sample>;

it('shows the discriminator changed samples, by the chances of the critique', () => {
  const game = augmented(echo, instanceNoise({ stddev: 1 }));
  const x = tf.zeros([3, 2]);
  const { logits } = game.critique(x, batch, random);
  expect(logits).toBeAllclose(random.fork('augmentation').normal([3, 2]));
  expect(game.critique(x, batch, random.fork('other')).logits).not.toBeAllclose(logits);
  expect(game.name).toBe('augmented(echo)');
  expect('state' in game || 'observe' in game).toBe(false);
  expectNoLeak(() => game.critique(x, batch, random));
});

it('changes the named tensors of a record alike, and no others', () => {
  const sample = { images: tf.zeros([3, 2]), labels: tf.ones([3]), target: tf.ones([3, 2]) };
  const noise = instanceNoise({ stddev: 1 });
  const one = augmented(echo, noise).critique(sample, batch, random) as typeof sample & {
    logits: never;
  };
  expect(one.images).not.toBeAllclose(sample.images);
  expect(one.labels).toBe(sample.labels);
  expect(one.target).toBe(sample.target);
  const game = augmented(echo, noise, { names: ['images', 'target'] });
  const pair = game.critique(sample, batch, random) as unknown as typeof sample;
  expect(pair.images).toBeAllclose(one.images);
  expect(tf.sub(pair.target, 1)).toBeAllclose(pair.images, { atol: 1e-6 });
  expect(() => augmented(echo, noise).critique({ x: sample.images }, batch, random)).toThrow(
    'augmented: a sample must have "images", got [x]; name its pictures in `names`',
  );
});

it('adds to what the game remembers and is told', () => {
  const met = tf.variable(tf.scalar(0), false);
  let told = 0;
  const statistics = { met: met as tf.Scalar };
  const game = { ...echo, state: { met }, statistics, observe: () => void told++ };
  const augmentation = adaptive({ augmentations: [], every: 1, examples: 1 });
  const wrapped = augmented(game, augmentation);
  expect(Object.keys(wrapped.state!)).toEqual([
    ...['met', 'augmentation-probability', 'augmentation-signs', 'augmentation-updates'],
  ]);
  expect(wrapped.statistics).toEqual({
    met,
    augmentationProbability: augmentation.state!['probability'],
  });
  const said = { logits: tf.ones([2]) };
  wrapped.critique(tf.ones([2, 1]), batch, random);
  wrapped.observe!(said, said);
  expect(told).toBe(1);
  expect(augmentation.state!['probability']!).toBeAllclose([1]);
  expect(() => augmented(wrapped, augmentation)).toThrow(
    'augmented: the game must not have "augmentation-probability" already; put the augmentations',
  );
  tf.dispose([met, ...Object.values(augmentation.state!)]);
});

it('is a game, with a state that it adapts', () => {
  const augmentation = adaptive({ augmentations: [instanceNoise()], every: 1, examples: 8 });
  const networks = {
    generator: dense(random.fork('g'), [3], [2, 2, 1]),
    discriminator: dense(random.fork('d'), [2, 2, 1], [1]),
  };
  const images = random.normal([4, 2, 2, 1]);
  checkGame(augmented(latentGame(networks), augmentation), { images });
  tf.dispose([images, ...Object.values(augmentation.state!)]);
});
