import { useBackend } from '@ganloom/backends';
import { type Batch, type Game, RandomStream, type Variant } from '@ganloom/core';
import { categoricalCode, mutualInformation, nonSaturating } from '@ganloom/losses';
import { disposeVariant, weightsIn } from '@ganloom/tiny-gan';
import { adam } from '@ganloom/optimizers';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import {
  applied,
  lossesOf,
  type Parts,
  play,
  tinyNetwork,
  weightsAfter,
} from '../../../test/tiny-games';

beforeAll(async () => void (await useBackend('wasm', { threads: 1 })));

const CLASSES = 2;
const NOISE = 2;
const PICTURE = [2, 2, 1];

/**
 * The game of InfoGAN, Chen et al. 2016 (arXiv 1606.03657), with Q as a network of its own on the
 * generator's side: the generator is told a class and Q reads it off the picture.
 */
function infoGame(random: RandomStream): Game<Parts> {
  const generator = tinyNetwork(random.fork('g'), [NOISE + CLASSES], PICTURE, 'tanh');
  const discriminator = tinyNetwork(random.fork('d'), PICTURE, [1]);
  const recognition = tinyNetwork(random.fork('q'), PICTURE, [CLASSES]);
  const latents = (noise: tf.Tensor, category: tf.Tensor) =>
    tf.concat([noise, tf.oneHot(category, CLASSES).toFloat()], 1);
  return {
    name: 'info',
    generator: { models: { generator, recognition } },
    discriminator: { models: { discriminator } },
    real: ({ images }) => ({ images: images! }),
    fake({ images }, chances) {
      const { shape } = images!;
      const category = tf.tensor1d(chances.fork('category').integers(shape[0]!, CLASSES), 'int32');
      const noise = chances.fork('noise').normal([shape[0]!, NOISE]);
      return { images: applied(generator, latents(noise, category)), category };
    },
    critique: ({ images, category }) => ({
      logits: applied(discriminator, images!),
      // Nobody knows the class of a real picture.
      ...(category && { categoryLogits: applied(recognition, images!) }),
    }),
    show({ images }, chances, models) {
      const { shape } = images!;
      const category = tf.range(0, shape[0]!, 1, 'int32').mod(tf.scalar(CLASSES, 'int32'));
      const input = latents(chances.normal([shape[0]!, NOISE]), category);
      return { pictures: models['generator']!.apply(input) as tf.Tensor4D };
    },
  };
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

function infoGan(weight = 1): Variant<Parts> {
  const optimizer = () => adam({ learningRate: 0.02 });
  return {
    name: 'info-gan',
    game: infoGame(RandomStream.fromSeed(1)),
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
