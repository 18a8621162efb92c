import { RandomStream } from '@ganloom/core';
import { instanceNoise } from '@ganloom/augmentation';
import { absoluteError } from '@ganloom/losses';
import { checkGame, termContext } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { dense, sum, times } from '../../test/networks';
import { augmented } from './augmented';
import { packed } from './packed';
import { pairedGame } from './paired-game';

beforeAll(async () => void (await tf.setBackend('cpu')));

const random = RandomStream.fromSeed(1);
const pictures = (...values: number[]) => tf.tensor4d(values, [values.length / 2, 1, 2, 1]);
/** G(x) = 2x, and D sums up. */
const byHand = () => pairedGame({ generator: times(2), discriminator: sum([1, 2, 2]) });

it('shows D what was given beside what was made of it', () => {
  tf.tidy(() => {
    const batch = { inputs: pictures(1, 2, 3, 4), images: pictures(5, 5, 5, 5) };
    const game = byHand();
    const [real, fake] = [game.real(batch), game.fake(batch, random)];
    expect(real).toEqual(batch);
    expect(fake['inputs']!).toBe(batch.inputs);
    expect(fake['images']!).toBeAllclose(pictures(2, 4, 6, 8));
    expect(game.critique(real, batch, random).logits).toBeAllclose(tf.tensor2d([[13], [17]]));
    expect(game.critique(fake, batch, random).logits).toBeAllclose(tf.tensor2d([[9], [21]]));
    // |3| + |1| + |1| + |3|, a quarter.
    expect(absoluteError().value(termContext({ real, fake }))).toBeAllclose([2]);
  });
});

it('puts the channels of the input first', () => {
  tf.tidy(() => {
    const discriminator = tf.sequential({
      layers: [tf.layers.reshape({ inputShape: [1, 2, 2], targetShape: [4] })],
    });
    const game = pairedGame({ generator: times(2), discriminator });
    const batch = { inputs: pictures(1, 2), images: pictures(5, 6) };
    expect(game.critique(game.real(batch), batch, random).logits).toBeAllclose([1, 5, 2, 6]);
  });
});

it('shows the input, what is made of it and the right answer', () => {
  tf.tidy(() => {
    const batch = { inputs: pictures(1, 2), images: pictures(5, 6) };
    const shown = byHand().show!(batch, random, { generator: times(3) });
    expect((shown as { pictures: tf.Tensor4D }).pictures).toBeAllclose(
      tf.tensor4d([1, 2, 3, 6, 5, 6], [1, 1, 6, 1]),
    );
  });
});

const colors = (degree = 1) => {
  const seeds = RandomStream.fromSeed(2);
  return pairedGame({
    generator: dense(seeds.fork('g'), [2, 2, 1], [2, 2, 3]),
    discriminator: dense(seeds.fork('d'), [2, 2, 4 * degree], [2, 2, 1]),
    input: 'edges',
    output: 'photos',
  });
};

it.each([
  ['alone', () => colors()],
  ['packed', () => packed(colors(2), 2)],
  ['augmented', () => augmented(colors(), instanceNoise(), { names: ['edges', 'photos'] })],
])('is a game: %s', (_, make) => {
  const batch = { edges: random.normal([4, 2, 2, 1]), photos: random.normal([4, 2, 2, 3]) };
  checkGame(make(), batch);
  tf.dispose(batch);
});

it('says what is missing or does not fit', () => {
  const batch = { images: pictures(1, 2) };
  expect(() => byHand().fake(batch, random)).toThrow(
    'pairedGame: there must be a tensor "inputs", got [images]',
  );
  expect(() => pairedGame({ generator: times(2), discriminator: sum([1, 2, 3]) })).toThrow(
    'pairedGame: the discriminator must take the 1 channels of the input and the 1 of the output, ' +
      'got 3; build it for 2 channels, or a multiple for packs',
  );
  const networks = { generator: times(2), discriminator: sum([1, 2, 2]) };
  expect(() => pairedGame({ ...networks, input: 'images' })).toThrow(
    'pairedGame: input and output must be two names, got "images" twice',
  );
  tf.dispose(batch);
});
