import { RandomStream } from '@ganloom/core';
import { type Architecture, dcgan } from '@ganloom/models';
import { conditionalGame } from '@ganloom/games';
import { labelColumn, labelRows, projection } from '@ganloom/conditional';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { disposeGame, tinyBatch, tinyGame } from '../../../test/check-conditioning';

it.each([1, 2.5, NaN])('refuses %d classes', (classes) => {
  const image = { height: 8, width: 8, channels: 1 };
  const architecture = dcgan({ image, filters: 4, latentSize: 4 });
  const random = RandomStream.fromSeed(0);
  expect(() =>
    conditionalGame({ conditioning: projection(), architecture, classes, random }),
  ).toThrow(`conditionalGame: classes must be an integer of at least 2, got ${classes}`);
});

it.each([0, 1.5, NaN])('refuses the degree %d', (degree) => {
  expect(() => tinyGame(projection(), 1, degree)).toThrow(
    `conditionalGame: degree must be a positive integer, got ${degree}`,
  );
});

it('refuses packs for a conditioning that knows of none', () => {
  const { discriminator, ...others } = projection();
  const conditioning = {
    ...others,
    discriminator: (architecture: Architecture, classes: number) =>
      discriminator(architecture, classes, 1),
  };
  expect(() => tinyGame(conditioning, 1, 2)).toThrow(
    'conditionalGame: to judge packs of degree (=2), the discriminator of "projection" must take 2 ' +
      'channels, got 1; make it heed the degree, or pack no pictures',
  );
});

it('refuses batches without labels, or with too few', () => {
  const game = tinyGame(projection());
  tf.tidy(() => {
    const { images, labels } = tinyBatch([0, 1]);
    const random = RandomStream.fromSeed(0);
    const missing =
      'conditionalGame: batches must have labels, got "none"; use a data set with classes';
    expect(() => game.real({ images })).toThrow(missing);
    expect(() => game.fake({ images }, random)).toThrow(missing);
    expect(() => game.real({ images, labels: tf.slice(labels, 0, 1) })).toThrow(
      'conditionalGame: labels must have shape [2], got [1]',
    );
  });
  disposeGame(game);
});

it('takes class numbers in range only', () => {
  const column = labelColumn([2, 0], 3);
  expect([column.shape, column.dtype, [...column.dataSync()]]).toEqual([[2, 1], 'int32', [2, 0]]);
  column.dispose();
  for (const wrong of [3, -1, 0.5, NaN]) {
    expect(() => labelColumn([0, wrong], 3)).toThrow(
      `labelColumn: a label must be an integer from 0 to 2, got ${wrong}`,
    );
  }
});

it('shares classes out in order', () => {
  expect([...labelRows(6, 3)]).toEqual([0, 0, 1, 1, 2, 2]);
  expect([...labelRows(5, 3)]).toEqual([0, 0, 1, 1, 2]);
  expect([...labelRows(2, 3)]).toEqual([0, 1]);
});
