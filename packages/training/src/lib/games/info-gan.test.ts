import { useBackend } from '@ganloom/backends';
import { type Batch, type Game, RandomStream, type Variant } from '@ganloom/core';
import { type CodedSamples, infoGame } from '@ganloom/games';
import { categoricalCode, mutualInformation, nonSaturating } from '@ganloom/losses';
import { disposeVariant, weightsIn } from '@ganloom/tiny-gan';
import { adam } from '@ganloom/optimizers';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { lossesOf, play, tinyNetwork, weightsAfter } from '../../../test/tiny-games';

beforeAll(async () => void (await useBackend('wasm', { threads: 1 })));

const CLASSES = 2;
const NOISE = 2;
const PICTURE = [2, 2, 1];

/** The generator is told a class, and Q, a network of its own, reads it off the picture. */
function tinyInfoGame(random: RandomStream): Game<CodedSamples> {
  return infoGame({
    generator: tinyNetwork(random.fork('g'), [NOISE + CLASSES], PICTURE, 'tanh'),
    discriminator: tinyNetwork(random.fork('d'), PICTURE, [1]),
    recognition: tinyNetwork(random.fork('q'), PICTURE, [CLASSES]),
    codes: { category: { classes: CLASSES } },
  });
}

/** Bright and dark pictures, each a little of its own. */
const data = {
  name: 'tones',
  size: 32,
  shapes: { images: [2, 2, 1] },
  batch: (indices: ArrayLike<number>): Batch => ({
    images: tf.tensor4d(
      Array.from(indices).flatMap((i) => Array<number>(4).fill((i % 2 ? 0.5 : -0.5) + i / 200)),
      [indices.length, 2, 2, 1],
    ),
  }),
};

function infoGan(weight = 1): Variant<CodedSamples> {
  const optimizer = () => adam({ learningRate: 0.02 });
  return {
    name: 'info-gan',
    game: tinyInfoGame(RandomStream.fromSeed(1)),
    loss: nonSaturating(),
    terms: [mutualInformation({ codes: [categoricalCode()], weight })],
    optimizers: { generator: optimizer(), discriminator: optimizer() },
  };
}

const TERM = 'generator/mutual-information';

it('learns with all three networks, and pictures come to show their class', async () => {
  const variant = infoGan();
  const { game } = variant;
  const networks = { ...game.generator.models, ...game.discriminator.models };
  const before = Object.values(networks).map(weightsIn);
  const unlikely = lossesOf(await play(variant, data, { steps: 40 }), TERM);
  expect(Object.keys(networks)).toEqual(['generator', 'recognition', 'discriminator']);
  Object.values(networks).forEach((network, i) =>
    expect(weightsIn(network)).not.toEqual(before[i]),
  );
  // Guessing costs log 2, 0.69, on average.
  expect(unlikely[0]).toBeGreaterThan(0.5);
  expect(Math.max(...unlikely.slice(-5))).toBeLessThan(0.3);
  disposeVariant(variant);
});

it('leaves Q as it is, and classes unread, where the term has no weight', async () => {
  const variant = infoGan(0);
  const { recognition } = variant.game.generator.models;
  const before = weightsIn(recognition!);
  const unlikely = lossesOf(await play(variant, data, { steps: 30 }), TERM);
  expect(weightsIn(recognition!)).toEqual(before);
  expect(Math.min(...unlikely)).toBeGreaterThan(0.5);
  disposeVariant(variant);
});

it('gives the same bits for the same seed, and leaves no tensor over', async () => {
  const bits = await weightsAfter(infoGan, data, 7);
  expect(await weightsAfter(infoGan, data, 7)).toEqual(bits);
  expect(await weightsAfter(infoGan, data, 8)).not.toEqual(bits);
});
