import { RandomStream } from '@ganloom/core';
import { checkGame } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { sum } from '../../test/networks';
import { networksOfSizes } from '../../test/sizes';
import { sizedGame } from './sized-game';

beforeAll(async () => void (await tf.setBackend('cpu')));

const random = RandomStream.fromSeed(1);
const { small, large } = networksOfSizes(random);

it('shrinks the data to what the networks draw', () => {
  tf.tidy(() => {
    const images = tf.tensor4d([1, 3, 5, 7], [1, 2, 2, 1]);
    const game = sizedGame(small);
    expect(game.name).toBe('1x1');
    expect(Object.keys(game.generator.models)).toEqual(['1x1']);
    expect(Object.keys(game.discriminator.models)).toEqual(['1x1']);
    expect(game.real({ images })).toBeAllclose(tf.tensor4d([4], [1, 1, 1, 1]));
    expect('state' in game || 'observe' in game || 'statistics' in game).toBe(false);
    const one = tf.ones([1, 1, 1, 1]);
    expect(game.real({ images: one })).toBe(one);
  });
});

it('fades pictures in, a share more with each update of the discriminator', () => {
  tf.tidy(() => {
    const images = tf.tensor4d([1, 3, 5, 7], [1, 2, 2, 1]);
    const game = sizedGame({ ...large, fading: 4 });
    const critique = { logits: tf.zeros([1, 1]) };
    const shares: number[] = [];
    const reals: number[][] = [];
    for (let update = 0; update < 6; update++) {
      shares.push(game.state!['share']!.dataSync()[0]!);
      reals.push([...game.real({ images }).dataSync()]);
      game.observe!(critique, critique);
    }
    expect(shares).toEqual([0, 0.25, 0.5, 0.75, 1, 1]);
    expect(reals[0]).toEqual([4, 4, 4, 4]);
    expect(reals[2]).toEqual([2.5, 3.5, 4.5, 5.5]);
    expect(reals[5]).toEqual([1, 3, 5, 7]);
    expect(game.statistics).toEqual({ share: game.state!['share'] });
    tf.dispose(game.state!);
  });
});

it('draws doubled pictures of the smaller size at first', () => {
  tf.tidy(() => {
    const batch = { images: tf.zeros([3, 2, 2, 1]) };
    const [one, two] = [sizedGame(small), sizedGame({ ...large, fading: 4 })];
    const before = one.fake(batch, RandomStream.fromSeed(2)) as tf.Tensor4D;
    const after = two.fake(batch, RandomStream.fromSeed(2));
    expect(after).toBeAllclose(tf.image.resizeNearestNeighbor(before, [2, 2]));
    two.state!['share']!.assign(tf.scalar(1));
    expect(two.fake(batch, RandomStream.fromSeed(2))).not.toBeAllclose(after);
    tf.dispose(two.state!);
  });
});

it.each([
  ['without a fade', () => sizedGame(small)],
  ['with one', () => sizedGame({ ...large, fading: 3 })],
])('is a game: %s', (_, make) => {
  const batch = { images: random.normal([4, 2, 2, 1]) };
  const game = make();
  checkGame(game, batch);
  tf.dispose([batch, { ...game.state }]);
});

it('takes data and latents by other names and laws', () => {
  tf.tidy(() => {
    const batch = { faces: tf.zeros([2, 4, 4, 1]) };
    const prior = (count: number) => tf.ones([count, 2]);
    const game = sizedGame({ ...small, name: 'small', data: 'faces', prior });
    expect(game.name).toBe('small');
    const [first, second] = game.fake(batch, random).dataSync();
    expect(first).toBe(second);
  });
});

it('says what is missing or does not fit', () => {
  expect(() => sizedGame(large)).toThrow(
    'sizedGame: the discriminator of "2x2" takes a share of new layers, so it needs `fading`, got none',
  );
  expect(() => sizedGame({ ...small, fading: 5 })).toThrow(
    'sizedGame: no network of "1x1" takes a share of new layers, so there is nothing to fade, got ' +
      'fading (=5); give it another input',
  );
  expect(() => sizedGame({ ...large, fading: 0 })).toThrow(
    'sizedGame: fading of "2x2" must be a number above 0, got 0',
  );
  const discriminator = { ...large, discriminator: sum([3, 2, 1]) };
  expect(() => sizedGame({ ...discriminator, fading: 1 })).toThrow(
    'sizedGame: pictures that are faded in must have even sides, got 3×2 in "3x2"',
  );
  const images = tf.zeros([1, 3, 4, 1]);
  expect(() => sizedGame({ ...small, discriminator: sum([2, 2, 1]) }).real({ images })).toThrow(
    'sizedGame: the size of data must be a multiple of 2×2, got [3,4]; resize the data',
  );
  images.dispose();
});
