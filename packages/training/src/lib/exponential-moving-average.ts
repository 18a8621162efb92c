import { moveTowards } from '@ganloom/gradients';
import { type Player, UsageError } from '@ganloom/core';
import type * as tf from '@tensorflow/tfjs';
import { cloneModel } from './clone-model';
import { variableOf } from './variables';

export interface ExponentialMovingAverageOptions {
  /** Share of the old average that each step keeps; default 0.999, about the last 1000 steps. */
  readonly decay?: number;
  /** Begin with a shorter memory, so that the untrained weights are soon forgotten. Default true. */
  readonly warmUp?: boolean;
}

/** A player's networks, averaged over the last steps. Whoever made it disposes it. */
export interface ExponentialMovingAverage {
  readonly decay: number;
  /** The averaged networks, by the names of the player's own. */
  readonly models: Player['models'];
  /** Takes in the weights after `step` steps. */
  update(step: number): void;
  dispose(): void;
}

/**
 * The exponential moving average of a player's networks.
 *
 * θ̄ ← θ̄ + (1 − d)(θ − θ̄),  d = min(decay, (1 + step) / (10 + step)) while warming up
 *
 * Yazıcı et al. 2018, "The unusual effectiveness of averaging in GAN training", arXiv 1806.04498.
 * Batch normalization's statistics are averaged as the weights are (as Brock et al. 2018 do): those
 * of the newest weights would not fit the averaged ones.
 */
export async function exponentialMovingAverage(
  models: Player['models'],
  { decay = 0.999, warmUp = true }: ExponentialMovingAverageOptions = {},
): Promise<ExponentialMovingAverage> {
  if (!(decay >= 0 && decay < 1)) {
    throw new UsageError(
      `exponentialMovingAverage: decay must be at least 0 and less than 1, got ${decay}`,
    );
  }
  const averages: Record<string, tf.LayersModel> = {};
  // Collected once: a model's weights are searched for in all of its layers.
  const pairs: (readonly [average: tf.Variable, variable: tf.Variable])[] = [];
  for (const [name, model] of Object.entries(models)) {
    const average = (averages[name] = await cloneModel(model));
    const { weights } = model;
    average.weights.forEach((weight, i) =>
      pairs.push([variableOf(weight), variableOf(weights[i]!)]),
    );
  }

  return {
    decay,
    models: averages,
    update(step) {
      const kept = warmUp ? Math.min(decay, (1 + step) / (10 + step)) : decay;
      for (const [average, variable] of pairs) moveTowards(average, variable, 1 - kept);
    },
    dispose() {
      for (const model of Object.values(averages)) model.dispose();
    },
  };
}
