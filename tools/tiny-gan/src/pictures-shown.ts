import type { Batch, Game, Player, RandomStream, Sample } from '@ganloom/core';
import type * as tf from '@tensorflow/tfjs';

/** The pictures that a game shows, by its own generator or another. */
export function picturesShown<S extends Sample>(
  game: Game<S>,
  batch: Batch,
  random: RandomStream,
  models: Player['models'] = game.generator.models,
): tf.Tensor4D {
  const shown = game.show!(batch, random, models);
  if ('pictures' in shown) return shown.pictures;
  throw new Error('the game shows no pictures');
}
