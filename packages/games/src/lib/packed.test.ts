import {
  type Batch,
  type Critique,
  type Game,
  RandomStream,
  type Sample,
  type TermContext,
} from '@ganloom/core';
import { dragan, gradientPenalty, r1, r2 } from '@ganloom/losses';
import { checkGame, expectNoLeak } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { dense } from '../../test/networks';
import { augmented } from './augmented';
import { latentGame } from './latent-game';
import { packed, packedShape } from './packed';

beforeAll(async () => void (await tf.setBackend('cpu')));

const random = RandomStream.fromSeed(1);

/** A game that notes what its discriminator is shown. */
function listening<S extends Sample>(critique: (sample: S, batch: Batch) => Critique) {
  return { critique } as unknown as Game<S>;
}

function tinyGame(degree: number): Game<tf.Tensor> {
  return latentGame({
    generator: dense(random.fork('g'), [3], [8, 8, 1]),
    discriminator: dense(random.fork('d'), [8, 8, degree], [1]),
  });
}

it('is a game', () => {
  const batch = { images: random.normal([6, 8, 8, 1]) };
  checkGame(packed(tinyGame(3), 3), batch);
  checkGame(packed(packed(tinyGame(6), 3), 2), batch);
  batch.images.dispose();
});

it('puts pictures side by side in the channels', () => {
  const game = packed(
    listening<tf.Tensor>((x) => ({ logits: x })),
    2,
  );
  // Two positions, two channels: example e has values 10e, 10e + 1 | 10e + 2, 10e + 3.
  const values = [0, 1, 2, 3].flatMap((e) => [0, 1, 2, 3].map((v) => 10 * e + v));
  const images = tf.tensor4d(values, [4, 1, 2, 2]);
  const { logits } = game.critique(images, { images }, random);
  const pack = (a: number, b: number) => [a, a + 1, b, b + 1, a + 2, a + 3, b + 2, b + 3];
  expect(logits).toBeAllclose(tf.tensor4d([...pack(0, 20), ...pack(10, 30)], [2, 1, 2, 4]));
  expectNoLeak(() => game.critique(images, { images }, random));

  // The gradient is the way back: values that were weighted by themselves.
  const gradient = tf.grad((x: tf.Tensor) => {
    const { logits: y } = game.critique(x, { images }, random);
    return tf.sum(tf.mul(y, logits));
  })(images);
  expect(gradient).toBeAllclose(images);
});

it('packs points, and every tensor of records and batches', () => {
  const game = packed(
    listening<Readonly<Record<string, tf.Tensor>>>((sample, batch) => ({
      logits: sample['labels']!,
      points: sample['points']!,
      batchImages: batch['images']!,
      batchLabels: batch['labels']!,
    })),
    3,
  );
  const images = tf.zeros([6, 2, 2, 1]) as tf.Tensor4D;
  const labels = tf.tensor1d([0, 1, 2, 3, 4, 5], 'int32');
  const points = tf.tensor2d([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [6, 2]);
  const seen = game.critique({ labels, points }, { images, labels }, random);
  expect(seen.logits).toBeAllclose(tf.tensor2d([0, 2, 4, 1, 3, 5], [2, 3]));
  expect(seen.logits.dtype).toBe('int32');
  expect(seen['points']!).toBeAllclose(tf.tensor2d([0, 1, 4, 5, 8, 9, 2, 3, 6, 7, 10, 11], [2, 6]));
  expect(seen['batchImages']!.shape).toEqual([2, 2, 2, 3]);
  expect(seen['batchLabels']!.shape).toEqual([2, 3]);
});

it('leaves the generator as it is', () => {
  const alone = tinyGame(1);
  const game = packed(alone, 2);
  tf.tidy(() => {
    const batch = { images: tf.zeros([6, 8, 8, 1]) as tf.Tensor4D };
    expect(game.fake(batch, random.fork('z')).shape).toEqual([6, 8, 8, 1]);
    expect(game.real(batch)).toBe(batch.images);
  });
  expect(game.name).toBe('packed-2(latent)');
  expect(game.generator).toBe(alone.generator);
});

describe('penalties on gradients', () => {
  /** D is the sum of a pack, by hand: its slope is 1 for each value. */
  const sum = listening<tf.Tensor>((x) => ({ logits: tf.sum(x, [1, 2, 3]) }));
  const contextOf = (game: Game<tf.Tensor>): TermContext<tf.Tensor> => {
    const images = tf.ones([8, 1, 1, 1]) as tf.Tensor4D;
    const fake = tf.zeros([8, 1, 1, 1]);
    const batch = { images };
    const critique = (x: tf.Tensor) => () => game.critique(x, batch, random);
    const [realCritique, fakeCritique] = [critique(images), critique(fake)];
    return {
      batch,
      real: images,
      fake,
      origin: {},
      generate: () => fake,
      random,
      realCritique,
      fakeCritique,
      critique: (sample, chances) => game.critique(sample, batch, chances),
      packDegree: game.packDegree ?? 1,
    };
  };

  it.each([
    ['a game', sum, 1],
    ['packs of 2', packed(sum, 2), 2],
    ['packs of 4', packed(sum, 4), 4],
    ['augmented packs', augmented(packed(sum, 4), (x) => x), 4],
    [
      'packs of augmented pictures',
      packed(
        augmented(sum, (x) => x),
        4,
      ),
      4,
    ],
    ['packs of packs', packed(packed(sum, 2), 2), 4],
  ] as const)('have a norm for each input of the discriminator: %s', (_, game, size) => {
    expect(game.packDegree ?? 1).toBe(size);
    tf.tidy(() => {
      const context = contextOf(game);
      expect(r1().value(context)).toBeAllclose([size]);
      expect(r2().value(context)).toBeAllclose([size]);
      expect(gradientPenalty().value(context)).toBeAllclose([(Math.sqrt(size) - 1) ** 2]);
      expect(dragan().value(context)).toBeAllclose([(Math.sqrt(size) - 1) ** 2]);
    });
  });

  it('sum over the examples of a pack, and of no other', () => {
    tf.tidy(() => {
      // D(x, y) = (x² + y²)/2: pack i of 2 is the examples i and 2 + i.
      const half = listening<tf.Tensor>((x) => ({ logits: tf.mul(tf.sum(tf.square(x), 1), 0.5) }));
      const game = packed(half, 2);
      const real = tf.tensor2d([[3], [6], [4], [8]]);
      const context = { ...contextOf(game), real, fake: real, batch: { images: real } };
      const see = () => game.critique(real, context.batch as never, random);
      const seen = { ...context, realCritique: see, fakeCritique: see } as never;
      // Norms 5 and 10: (16 + 81)/2.
      expect(gradientPenalty().value(seen)).toBeAllclose([48.5]);
      expect(r1().value(seen)).toBeAllclose([62.5]);
    });
  });

  it('are at one place between real and fake for each pack', () => {
    const shares: number[][] = [];
    const game = packed(
      listening<tf.Tensor>((x) => {
        shares.push(...(tf.reshape(x, [-1, 2]).arraySync() as number[][]));
        return { logits: tf.sum(x, [1, 2, 3]) };
      }),
      2,
    );
    // From 0 to 1, so that what D sees are the shares.
    tf.tidy(() => void gradientPenalty().value(contextOf(game)));
    expect(shares).toHaveLength(4);
    for (const [a, b] of shares) expect(a).toBe(b);
    expect(new Set(shares.map(([a]) => a)).size).toBe(4);
  });
});

it('says what it cannot take', () => {
  const game = packed(tinyGame(1), 4);
  const images = tf.zeros([6, 8, 8, 1]) as tf.Tensor4D;
  expect(() => game.critique(images, { images }, random)).toThrow(
    'pack: the batch must be a multiple of degree (=4), got 6; take another batch size',
  );
  expect(() => packed(game, 1.5)).toThrow('packed: degree must be a positive integer, got 1.5');
  expect(() => packedShape({ height: 1, width: 1, channels: 3 }, 0)).toThrow(
    'packedShape: degree must be a positive integer, got 0',
  );
});

it('says for what shape the discriminator is to be built', () => {
  expect(packedShape({ height: 8, width: 6, channels: 3 }, 2)).toEqual({
    height: 8,
    width: 6,
    channels: 6,
  });
});
