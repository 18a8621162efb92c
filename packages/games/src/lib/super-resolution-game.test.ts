import { RandomStream } from '@ganloom/core';
import { checkGame } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { dense, sum } from '../../test/networks';
import { superResolutionGame } from './super-resolution-game';

beforeAll(async () => void (await tf.setBackend('cpu')));

const random = RandomStream.fromSeed(1);

it('enlarges, and shows the input, the enlargement and the original', () => {
  tf.tidy(() => {
    const generator = tf.sequential({
      layers: [tf.layers.upSampling2d({ inputShape: [1, 1, 1], size: [2, 2] })],
    });
    const game = superResolutionGame({ generator, discriminator: sum([2, 2, 1]) });
    const batch = {
      images: tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]),
      low: tf.fill([1, 1, 1, 1], 7),
    };
    expect(game.real(batch)).toBe(batch.images);
    const fake = game.fake(batch, random);
    expect(fake).toBeAllclose(tf.fill([1, 2, 2, 1], 7));
    expect(game.critique(fake, batch, random).logits).toBeAllclose(tf.tensor2d([[28]]));
    const shown = game.show!(batch, random, { generator }) as { pictures: tf.Tensor4D };
    const rows = [
      [7, 7, 7, 7, 1, 2],
      [7, 7, 7, 7, 3, 4],
    ];
    expect(shown.pictures).toBeAllclose(tf.tensor4d(rows.flat(), [1, 2, 6, 1]));
  });
});

it('is a game', () => {
  const game = superResolutionGame({
    generator: dense(random.fork('g'), [1, 1, 3], [2, 2, 3]),
    discriminator: dense(random.fork('d'), [2, 2, 3], [1]),
  });
  const batch = { images: random.normal([4, 2, 2, 3]), low: random.normal([4, 1, 1, 3]) };
  checkGame(game, batch);
  tf.dispose(batch);
});
