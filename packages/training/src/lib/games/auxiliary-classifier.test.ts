import { RandomStream, type TermContext } from '@ganloom/core';
import { packed } from '@ganloom/games';
import { auxiliaryClassifier, type LabeledPictures } from '@ganloom/conditional';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import {
  checkConditioning,
  CLASSES,
  disposeGame,
  tinyBatch,
  tinyGame,
} from '../../../test/check-conditioning';

it('is a conditioning', () => checkConditioning(auxiliaryClassifier()));
it('is one that learns from fakes too', () =>
  checkConditioning(auxiliaryClassifier({ fakes: true })));

it('names the classes of pictures without being told them', () => {
  const game = tinyGame(auxiliaryClassifier());
  tf.tidy(() => {
    const batch = tinyBatch([2, 0, 1]);
    const random = RandomStream.fromSeed(1);
    const critique = game.critique(game.real(batch), batch, random);
    expect(critique['classLogits']!.shape).toEqual([3, CLASSES]);
    const others = game.critique(
      { ...game.real(batch), labels: tf.tensor1d([0, 0, 0]) },
      batch,
      random,
    );
    expect(others['classLogits']!).toBeAllclose(critique['classLogits']!);
    expect(others.logits).toBeAllclose(critique.logits);
  });
  disposeGame(game);
});

it('names the class of each picture of a pack, in the order of the batch', () => {
  const game = tinyGame(auxiliaryClassifier(), 1, 2);
  const discriminator = game.discriminator.models['discriminator']!;
  tf.tidy(() => {
    const images = RandomStream.fromSeed(2).normal([4, 8, 8, 1]) as tf.Tensor4D;
    const batch = { images, labels: tf.tensor1d([0, 1, 2, 1], 'int32') };
    const { classLogits } = packed(game, 2).critique(batch, batch, RandomStream.fromSeed(1));
    // Pack 0 is the pictures 0 and 2, pack 1 the pictures 1 and 3.
    const pairs = tf.concat(tf.split(images, 2), 3);
    const outputs = (discriminator.predict(pairs) as tf.Tensor2D[])[1]!;
    const [first, second] = outputs.arraySync() as [number[], number[]];
    const rows = [first.slice(0, 3), second.slice(0, 3), first.slice(3), second.slice(3)];
    expect(classLogits!).toBeAllclose(tf.tensor2d(rows));
  });
  disposeGame(game);
});

it('has a term for real pictures, one for the generator and, if asked, one for fakes', () => {
  const images = tf.zeros<tf.Rank.R4>([2, 8, 8, 1]);
  const sample = (labels: number[]): LabeledPictures => ({
    images,
    labels: tf.tensor1d(labels, 'int32'),
  });
  const critique = (classLogits: number[][]) => () => ({
    logits: tf.zeros([2, 1]),
    classLogits: tf.tensor2d(classLogits),
  });
  const context = {
    real: sample([0, 1]),
    fake: sample([1, 1]),
    // Probabilities 3/4 and 1/4.
    realCritique: critique([
      [Math.log(3), 0],
      [Math.log(3), 0],
    ]),
    // Probabilities 1/2 and 1/2, then 1/5 and 4/5.
    fakeCritique: critique([
      [7, 7],
      [-Math.log(4), 0],
    ]),
    random: RandomStream.fromSeed(0),
  } as unknown as TermContext<LabeledPictures>;

  const { terms } = auxiliaryClassifier({ weight: 0.5, fakes: true }).discriminator;
  expect(terms.map(({ player, name, weight }) => [player, name, weight])).toEqual([
    ['discriminator', 'real-class', 0.5],
    ['discriminator', 'fake-class', 0.5],
    ['generator', 'class', 0.5],
  ]);
  expect(auxiliaryClassifier().discriminator.terms.map(({ name }) => name)).toEqual([
    'real-class',
    'class',
  ]);
  const onReal = -(Math.log(3 / 4) + Math.log(1 / 4)) / 2;
  const onFake = -(Math.log(1 / 2) + Math.log(4 / 5)) / 2;
  const [real, fake, generator] = terms.map(({ value }) => tf.tidy(() => value(context)));
  expect(real!).toBeAllclose([onReal]);
  expect(fake!).toBeAllclose([onFake]);
  expect(generator!).toBeAllclose([onFake]);
  const { images: _, labels } = context.real;
  tf.dispose([images, labels, context.fake.labels, real!, fake!, generator!]);
});

it.each([0, -1, NaN, Infinity])('refuses the weight %d', (weight) => {
  expect(() => auxiliaryClassifier({ weight })).toThrow(
    `classNaming: weight must be a number above 0, got ${weight}`,
  );
});
