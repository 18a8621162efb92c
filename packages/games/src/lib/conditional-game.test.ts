import { RandomStream } from '@ganloom/core';
import { auxiliaryClassifier, concatenation, projection } from '@ganloom/conditional';
import { dcgan } from '@ganloom/models';
import { checkGame } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { conditionalGame } from './conditional-game';
import { packed } from './packed';

beforeAll(async () => void (await tf.setBackend('cpu')));

const random = RandomStream.fromSeed(1);
const image = { height: 8, width: 8, channels: 1 };
const architecture = dcgan({ image, latentSize: 4, filters: 4 });

it.each([
  ['auxiliary classifier', auxiliaryClassifier(), 1],
  ['concatenation', concatenation(), 1],
  ['projection', projection(), 1],
  ['packed projection', projection(), 2],
] as const)('is a game: %s', (_, conditioning, degree) => {
  const game = conditionalGame({ ...conditioning, architecture, classes: 3, degree, random });
  const batch = {
    images: random.normal([4, 8, 8, 1]),
    labels: tf.tensor1d([0, 2, 1, 1], 'int32'),
  };
  checkGame(degree > 1 ? packed(game, degree) : game, batch);
  expect(game.name).toBe(conditioning.name);
  tf.dispose(batch);
});
