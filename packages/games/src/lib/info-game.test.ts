import { RandomStream } from '@ganloom/core';
import { categoricalCode, gaussianCode, mutualInformation } from '@ganloom/losses';
import { checkGame, termContext } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { dense, inARow } from '../../test/networks';
import { type CodedSamples, infoGame, type InfoGameOptions } from './info-game';
import { packed } from './packed';

beforeAll(async () => void (await tf.setBackend('cpu')));

const random = RandomStream.fromSeed(1);
const codes = { category: { classes: 3 }, style: { size: 2 } };
/** Hands on what it takes. */
const same = (size: number) => inARow([size], tf.layers.activation({ activation: 'linear' }));
const points = (count: number) => ({ points: tf.zeros([count, 6]) });

/** G shows its latents, one of noise and five of codes; Q reads the five off. */
function transparent(more: Partial<InfoGameOptions> = {}) {
  const kernel = tf.tidy(() => tf.concat([tf.zeros([1, 5]), tf.eye(5)]));
  const recognition = inARow([6], tf.layers.dense({ units: 5, useBias: false }));
  recognition.setWeights([kernel]);
  return infoGame({
    generator: same(6),
    discriminator: inARow([6], tf.layers.dense({ units: 1, kernelInitializer: 'ones' })),
    recognition,
    codes,
    data: 'points',
    ...more,
  });
}

it('tells G noise and codes, which are part of the fake', () => {
  tf.tidy(() => {
    const fake = transparent().fake(points(50), random);
    const { points: latents, category, style } = fake as Record<string, tf.Tensor>;
    expect(Object.keys(fake)).toEqual(['points', 'category', 'style']);
    expect([category!.dtype, category!.shape, style!.shape]).toEqual(['int32', [50], [50, 2]]);
    const [noise, oneHot, numbers] = tf.split(latents!, [1, 3, 2], 1);
    expect(noise!).toBeAllclose(random.fork('noise').normal([50, 1]));
    expect(tf.argMax(oneHot!, 1)).toBeAllclose(category!);
    expect(tf.sum(oneHot!, 1)).toBeAllclose(tf.ones([50]));
    expect(numbers!).toBeAllclose(style!);
    const values = [...style!.dataSync()];
    expect(Math.max(...values)).toBeLessThan(1);
    expect(Math.max(...values)).toBeGreaterThan(0.9);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-1);
    expect(Math.min(...values)).toBeLessThan(-0.9);
    expect(new Set(category!.dataSync())).toEqual(new Set([0, 1, 2]));
  });
});

it('predicts the codes of fakes, and of those alone', () => {
  tf.tidy(() => {
    const batch = points(2);
    const game = transparent();
    const real = game.real(batch);
    expect(real).toEqual({ points: batch.points });
    expect(Object.keys(game.critique(real, batch, random))).toEqual(['logits']);
    const fake = game.fake(batch, random);
    const said = game.critique(fake, batch, random);
    expect(Object.keys(said)).toEqual(['logits', 'categoryLogits', 'styleMean']);
    expect(said.logits).toBeAllclose(tf.sum(fake['points']!, 1, true));
    expect(said['categoryLogits']!).toBeAllclose(
      tf.oneHot(fake['category'] as tf.Tensor1D, 3).toFloat(),
    );
    expect(said['styleMean']!).toBeAllclose(fake['style']!);
    const context = termContext<CodedSamples>({
      real,
      fake,
      critique: (sample, chances) => game.critique(sample, batch, chances),
    });
    const term = mutualInformation({ codes: [categoricalCode(), gaussianCode()] });
    // log(e + 2) − 1 for the class, log 2π for two numbers that are right.
    const expected = Math.log(Math.E + 2) - 1 + Math.log(2 * Math.PI);
    expect(term.value(context)).toBeAllclose([expected]);
  });
});

it('takes Q as a second output of D, on its side', () => {
  tf.tidy(() => {
    const input = tf.input({ shape: [6] });
    const heads = [1, 5].map(
      (units) => tf.layers.dense({ units }).apply(input) as tf.SymbolicTensor,
    );
    const discriminator = tf.model({ inputs: input, outputs: heads });
    const generator = dense(random.fork('g'), [6], [6]);
    const game = infoGame({ generator, discriminator, codes, data: 'points' });
    expect(Object.keys(game.generator.models)).toEqual(['generator']);
    const batch = points(2);
    expect(Object.keys(game.critique(game.real(batch), batch, random))).toEqual(['logits']);
    const said = game.critique(game.fake(batch, random), batch, random);
    expect(said['categoryLogits']!.shape).toEqual([2, 3]);
    expect(said['styleMean']!.shape).toEqual([2, 2]);
    checkGame(game, batch);
  });
});

it('shows a class per row', () => {
  tf.tidy(() => {
    const game = transparent();
    const { points: shown } = game.show!(points(9), random, game.generator.models) as {
      points: tf.Tensor2D;
    };
    const classes = tf.argMax(tf.slice(shown, [0, 1], [9, 3]), 1);
    expect([...classes.dataSync()]).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
    expect(new Set(tf.slice(shown, [0, 0], [9, 1]).dataSync()).size).toBe(9);
  });
});

/** Pictures, and several codes of a kind. */
const pictures = (degree = 1) => {
  const seeds = RandomStream.fromSeed(2);
  return infoGame({
    generator: dense(seeds.fork('g'), [2 + 2 + 3 + 1], [2, 2, 1]),
    discriminator: dense(seeds.fork('d'), [2, 2, degree], [1]),
    recognition: dense(seeds.fork('q'), [2, 2, degree], [6 * degree]),
    codes: { shape: { classes: 2 }, color: { classes: 3 }, turn: { size: 1 } },
  });
};

it.each([
  ['alone', () => pictures()],
  ['packed', () => packed(pictures(2), 2)],
])('is a game: %s', (_, make) => {
  const batch = { images: random.normal([4, 2, 2, 1]) };
  checkGame(make(), batch);
  tf.dispose(batch);
});

it('predicts the codes of packs side by side', () => {
  tf.tidy(() => {
    const batch = { images: random.normal([4, 2, 2, 1]) };
    const game = packed(pictures(2), 2);
    const fake = game.fake(batch, random);
    const said = game.critique(fake, batch, random);
    expect(Object.keys(said)).toEqual(['logits', 'shapeLogits', 'colorLogits', 'turnMean']);
    expect(said['colorLogits']!.shape).toEqual([2, 6]);
    const code = categoricalCode({ code: 'color', logits: 'colorLogits' });
    expect(code.negativeLogLikelihood(fake, said).shape).toEqual([]);
  });
});

it('says what is missing or does not fit', () => {
  const make = (more: Partial<InfoGameOptions>) => () => transparent(more);
  expect(make({ generator: same(5) })).toThrow(
    'infoGame: the generator must take [batch, noise + codes], more than the 5 numbers of the codes, got [,5]',
  );
  expect(make({ recognition: same(6) })).toThrow(
    'infoGame: the recognition network must predict the 5 numbers of the codes, got [,6]',
  );
  const networks = { generator: same(6), discriminator: same(6) };
  expect(() => infoGame({ ...networks, codes })).toThrow(
    'infoGame: there must be a recognition network, or a second output of the discriminator, got none',
  );
  expect(make({ codes: {} })).toThrow('infoGame: codes must name at least one, such as');
  expect(make({ codes: { points: { size: 5 } } })).toThrow(
    'infoGame: a code must not be called "points"; take another name',
  );
  expect(make({ codes: { category: { classes: 1 } } })).toThrow(
    'infoGame: classes of "category" must be an integer of at least 2, got 1',
  );
  expect(make({ codes: { style: { size: 0 } } })).toThrow(
    'infoGame: size of "style" must be a positive integer, got 0',
  );
  expect(() => transparent().real({ images: tf.zeros([1, 6]) })).toThrow(
    'infoGame: there must be a tensor "points", got [images]',
  );
});
