import { checkGame } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Batch, RandomStream } from '@ganloom/core';
import { dense } from '../../test/networks';
import { latentGame } from './latent-game';

let generator: tf.Sequential;
let discriminator: tf.Sequential;
let game: ReturnType<typeof latentGame>;

beforeAll(async () => {
  await tf.setBackend('cpu');
  generator = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [3], units: 4 }),
      tf.layers.batchNormalization(),
      tf.layers.reshape({ targetShape: [2, 2, 1] }),
    ],
  });
  discriminator = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [2, 2, 1] }),
      tf.layers.dense({ units: 1, kernelInitializer: 'ones' }),
    ],
  });
  game = latentGame({ generator, discriminator });
});
afterAll(() => tf.dispose([...generator.weights, ...discriminator.weights].map((w) => w.read())));

it('shows D the pictures of the batch as real', () => {
  tf.tidy(() => {
    const images = tf.ones<tf.Rank.R4>([2, 2, 2, 1]);
    expect(game.real({ images })).toBe(images);
    // Weights of one and a bias of zero: the sum of the four pixels.
    const random = RandomStream.fromSeed(1);
    expect(game.critique(images, { images }, random).logits).toBeAllclose(tf.tensor2d([[4], [4]]));
  });
});

it('makes as many fakes as the batch has pictures, in training mode', () => {
  tf.tidy(() => {
    const images = tf.ones<tf.Rank.R4>([16, 2, 2, 1]);
    const fake = game.fake({ images }, RandomStream.fromSeed(1)) as tf.Tensor;
    expect(fake.shape).toEqual([16, 2, 2, 1]);
    // Only training mode normalizes with the statistics of the batch.
    expect(tf.mean(fake, 0)).toBeAllclose(tf.zeros([2, 2, 1]));
  });
});

it('draws pictures from the given networks, in inference mode and by the stream alone', () => {
  tf.tidy(() => {
    const examples = (count: number) => ({ images: tf.zeros<tf.Rank.R4>([count, 2, 2, 1]) });
    const drawn = (batch: Batch, models = game.generator.models) =>
      (game.show!(batch, RandomStream.fromSeed(2), models) as { pictures: tf.Tensor4D }).pictures;
    const ema = tf.sequential({
      layers: [tf.layers.reshape({ inputShape: [3], targetShape: [1, 3, 1] })],
    });
    const latents = RandomStream.fromSeed(2).normal([5, 3]);
    const pictures = drawn(examples(5), { generator: ema });
    expect(pictures).toBeAllclose(tf.reshape(latents, [5, 1, 3, 1]));

    const own = drawn(examples(8));
    const less = drawn(examples(4));
    expect(tf.slice(own, 0, 4)).toBeAllclose(less);
  });
});

it('plays with points: the tensor of the batch that is named', () => {
  const point = tf.sequential({
    layers: [tf.layers.dense({ inputShape: [3], units: 2, kernelInitializer: 'ones' })],
  });
  const judge = tf.sequential({
    layers: [tf.layers.dense({ inputShape: [2], units: 1, kernelInitializer: 'ones' })],
  });
  const plane = latentGame({ generator: point, discriminator: judge, data: 'points' });
  tf.tidy(() => {
    const points = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const batch = { points, labels: tf.tensor1d([0, 1], 'int32') };
    const random = () => RandomStream.fromSeed(2);
    expect(plane.real(batch)).toBe(points);
    expect(plane.critique(points, batch, random()).logits).toBeAllclose(tf.tensor2d([[3], [7]]));
    // Ones for weights: both coordinates are the sum of the latent.
    const sums = tf.sum(random().normal([2, 3]), 1, true);
    const fake = plane.fake(batch, random());
    expect(fake).toBeAllclose(tf.concat([sums, sums], 1));
    const shown = plane.show!(batch, random(), { generator: point });
    expect((shown as { points: tf.Tensor2D }).points).toBeAllclose(fake);
    expect(() => plane.real({ images: points })).toThrow('there must be a tensor "points"');
  });
  point.dispose();
  judge.dispose();
});

it('is a game, of points too', () => {
  const random = RandomStream.fromSeed(1);
  const images = random.normal([4, 2, 2, 1]);
  checkGame(game, { images });
  const points = random.normal([4, 2]);
  checkGame(
    latentGame({
      generator: dense(random.fork('g'), [3], [2]),
      discriminator: dense(random.fork('d'), [2], [1]),
      data: 'points',
    }),
    { points },
  );
  tf.dispose([images, points]);
});
