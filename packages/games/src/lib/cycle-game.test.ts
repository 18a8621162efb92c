import { RandomStream } from '@ganloom/core';
import { instanceNoise } from '@ganloom/augmentation';
import { cycleConsistency, gradientPenalty, identity } from '@ganloom/losses';
import { checkGame, termContext } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { dense, noisy, sum, times } from '../../test/networks';
import { augmented } from './augmented';
import { cycleGame, type CycleGameOptions, type DomainPictures } from './cycle-game';
import { packed } from './packed';

beforeAll(async () => void (await tf.setBackend('cpu')));

const PICTURE = [1, 2, 1];
const domains = { a: 'photos', b: 'paintings' };
const random = RandomStream.fromSeed(1);

/** G(x) = 2x and F(y) = 3y; discriminators sum up. */
const byHand = (more: Partial<CycleGameOptions> = {}) =>
  cycleGame({
    toB: times(2),
    toA: times(3),
    discriminatorA: sum(),
    discriminatorB: sum(),
    domains,
    ...more,
  });
const pictures = (...values: number[]) => tf.tensor4d(values, [values.length / 2, 1, 2, 1]);
const batchByHand = () => ({ photos: pictures(1, 2, 3, 4), paintings: pictures(0, -1, 1, 1) });

it('translates, and goes back and stays', () => {
  tf.tidy(() => {
    const batch = batchByHand();
    const game = byHand();
    const real = game.real(batch);
    expect(real).toEqual({ photos: batch.photos, paintings: batch.paintings });
    const fake = game.fake(batch, random);
    const expected: Record<string, tf.Tensor> = {
      photos: pictures(0, -3, 3, 3),
      paintings: pictures(2, 4, 6, 8),
      photosAgain: pictures(6, 12, 18, 24),
      paintingsAgain: pictures(0, -6, 6, 6),
      photosKept: pictures(3, 6, 9, 12),
      paintingsKept: pictures(0, -2, 2, 2),
    };
    expect(Object.keys(fake)).toEqual(Object.keys(expected));
    for (const [name, values] of Object.entries(expected)) {
      expect(fake[name]!, name).toBeAllclose(values);
    }
    // Those of A first.
    expect(game.critique(real, batch, random).logits).toBeAllclose(
      tf.tensor2d([
        [3, -1],
        [7, 2],
      ]),
    );
    expect(game.critique(fake, batch, random).logits).toBeAllclose(
      tf.tensor2d([
        [-3, 6],
        [6, 14],
      ]),
    );
  });
});

it('has what its terms compare', () => {
  tf.tidy(() => {
    const batch = batchByHand();
    const game = byHand();
    const context = termContext({ real: game.real(batch), fake: game.fake(batch, random) });
    const again = { photos: 'photosAgain', paintings: 'paintingsAgain' };
    // |6x − x| and |6y − y|, 5 · 10/4 and 5 · 3/4.
    expect(cycleConsistency({ pairs: again }).value(context)).toBeAllclose([16.25]);
    const kept = { photos: 'photosKept', paintings: 'paintingsKept' };
    // |3x − x| and |2y − y|.
    expect(identity({ pairs: kept }).value(context)).toBeAllclose([5.75]);
    const less = Object.keys(byHand({ identity: false }).fake(batch, random));
    expect(less).toEqual(['photos', 'paintings', 'photosAgain', 'paintingsAgain']);
  });
});

it('shows input, translation and the way back, of both domains or one', () => {
  tf.tidy(() => {
    const batch = { photos: pictures(1, 2), paintings: pictures(0, -1) };
    const shown = (more: Partial<CycleGameOptions> = {}) => {
      const game = byHand(more);
      return game.show!(batch, random, game.generator.models) as { pictures: tf.Tensor4D };
    };
    const [ofA, ofB] = [
      [1, 2, 2, 4, 6, 12],
      [0, -1, 0, -3, 0, -6],
    ];
    expect(shown().pictures).toBeAllclose(tf.tensor4d([...ofA!, ...ofB!], [2, 1, 6, 1]));
    expect(shown({ shown: 'a' }).pictures).toBeAllclose(tf.tensor4d(ofA!, [1, 1, 6, 1]));
    expect(shown({ shown: 'b' }).pictures).toBeAllclose(tf.tensor4d(ofB!, [1, 1, 6, 1]));
    const other = { toB: times(-1), toA: times(1) };
    const drawn = byHand({ shown: 'a' }).show!(batch, random, other) as { pictures: tf.Tensor4D };
    expect(drawn.pictures).toBeAllclose([1, 2, -1, -2, -1, -2]);
  });
});

it('gives each pass chances of its own', () => {
  tf.tidy(() => {
    const zeros = { a: pictures(0, 0), b: pictures(0, 0) };
    const game = cycleGame({
      toB: noisy(),
      toA: noisy(),
      discriminatorA: sum(),
      discriminatorB: sum(),
    });
    const fake = game.fake(zeros, random);
    const first = Object.values(fake).map((made) => made.dataSync()[0]);
    expect(Object.keys(fake)).toEqual(['a', 'b', 'aAgain', 'bAgain', 'aKept', 'bKept']);
    expect(new Set(first).size).toBe(6);
    // What came back has the noise of two passes.
    const second = tf.sub(fake['aAgain']!, fake['b']!);
    expect(first).not.toContain(second.dataSync()[0]);
  });
});

const seeded = (channels = 1) => {
  const seeds = RandomStream.fromSeed(2);
  const patches = [...PICTURE.slice(0, 2), channels];
  return cycleGame({
    toB: dense(seeds.fork('g'), PICTURE, PICTURE),
    toA: dense(seeds.fork('f'), PICTURE, PICTURE),
    discriminatorA: dense(seeds.fork('a'), patches, [1, 2, 1]),
    discriminatorB: dense(seeds.fork('b'), patches, [1, 2, 1]),
    domains,
    data: { a: 'images', b: 'others' },
  });
};

it.each<[string, (game: typeof seeded) => ReturnType<typeof seeded>]>([
  ['alone', (make) => make()],
  ['packed', (make) => packed(make(2), 2)],
  ['augmented', (make) => augmented(make(), instanceNoise(), { names: ['photos', 'paintings'] })],
])('is a game: %s', (_, make) => {
  const batch = {
    images: random.normal([4, ...PICTURE]),
    others: random.fork('others').normal([4, ...PICTURE]),
  };
  checkGame(make(seeded), batch);
  tf.dispose(batch);
});

it('may be penalized for steep discriminators', () => {
  tf.tidy(() => {
    const batch = batchByHand();
    const game = byHand();
    const context = termContext<DomainPictures>({
      real: game.real(batch),
      fake: game.real(batch),
      critique: (sample, chances) => game.critique(sample, batch, chances),
    });
    // Four values with a slope of 1: (√4 − 1)².
    expect(gradientPenalty().value(context)).toBeAllclose([1]);
  });
});

it('says what is missing or does not fit', () => {
  const batch = { photos: pictures(1, 2) };
  expect(() => byHand().real(batch)).toThrow(
    'cycleGame: there must be a tensor "paintings", got [photos]',
  );
  expect(() => byHand({ domains: { a: 'x', b: 'x' } })).toThrow(
    'cycleGame: domains must be two names, got "x" twice',
  );
  expect(() => byHand({ data: { a: 'x', b: 'x' } })).toThrow('cycleGame: data must be two names');
  expect(() => byHand({ discriminatorB: times(1) })).toThrow(
    "cycleGame: the logits of discriminatorB must have the shape [,1] of discriminatorA's, got [,1,2,1]",
  );
  tf.dispose(batch);
});
