import type { Player } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

export type LayerWeight = tf.LayersModel['weights'][number];

/** The variable behind a layer's weight: typed as a tensor, because Keras knows no variables. */
export function variableOf(weight: LayerWeight): tf.Variable {
  return weight.read() as tf.Variable;
}

/**
 * Everything that a player's side of the game trains, in the order of its models and their layers.
 *
 * Read anew at each step, so that freezing a layer or replacing a model takes effect at once.
 */
export function trainableVariables(player: Player): tf.Variable[] {
  return trainableWeights(player).map(variableOf);
}

/** The weights behind {@link trainableVariables}. */
export function trainableWeights(player: Player): LayerWeight[] {
  return Object.values(player.models).flatMap((model) => model.trainableWeights);
}
