import {
  type NamedVariables,
  type Player,
  requireNumbers,
  type Schedule,
  sumOf,
  type Term,
} from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/** Settings of {@link historicalAveraging}. */
export interface HistoricalAveragingOptions {
  /** Whose weights are held to their average. */
  readonly player: Term['player'];
  /** That player's networks, such as `game.generator.models`. */
  readonly models: Player['models'];
  /** A schedule is asked with the generator's updates made before. Default 1. */
  readonly weight?: number | Schedule;
}

/**
 * Historical averaging: weights are held to the average of all that they were, which damps circling
 * around an equilibrium.
 *
 * ‖θₜ − (1/t) Σᵢ₌₁ᵗ θᵢ‖²
 *
 * Salimans et al. 2016 (arXiv 1606.03498). The norm is over all trainable weights; the average is a
 * constant in the gradient, also in that through updates that an unrolled step foresees. `state` holds
 * it, as large as the networks, and the number `count` of weights it is over; each call of `value` adds
 * the current ones. The caller disposes the state.
 *
 * @throws UsageError if the weight is negative.
 */
export function historicalAveraging({
  player,
  models,
  weight = 1,
}: HistoricalAveragingOptions): Term {
  requireNumbers('historicalAveraging', { weight }, { min: 0 });
  const held = Object.entries(models).flatMap(([model, { trainableWeights }]) =>
    trainableWeights.map((layerWeight, i) => ({
      // Numbered, because the names of layers count what the process has made before.
      name: `${model}/${i}-${layerWeight.originalName.split('/').at(-1)}`,
      layerWeight,
    })),
  );
  const zeros = (shape: number[]) => tf.tidy(() => tf.variable(tf.zeros(shape), false));
  const averages = held.map(({ layerWeight }) => zeros(layerWeight.read().shape));
  const count = zeros([]);
  const state: NamedVariables = {
    ...Object.fromEntries(held.map(({ name }, i) => [name, averages[i]!])),
    count,
  };
  return {
    name: 'historical-averaging',
    player,
    weight,
    state,
    value: () =>
      tf.tidy(() => {
        count.assign(tf.add(count, 1));
        const squares = held.map(({ layerWeight }, i) => {
          // Read anew, because the layers of an unrolled discriminator compute with others.
          const current = layerWeight.read();
          const average = averages[i]!;
          // Assigning cuts the gradient.
          average.assign(tf.add(average, tf.div(tf.sub(current, average), count)));
          return tf.sum(tf.squaredDifference(current, average));
        });
        return sumOf(squares) as tf.Scalar;
      }),
  };
}
