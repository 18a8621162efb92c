import { moveTowards } from '@ganloom/gradients';
import {
  type NumberRange,
  type Player,
  requireNumbers,
  type Schedule,
  valueAt,
} from '@ganloom/core';
import type * as tf from '@tensorflow/tfjs';
import { cloneModel } from './clone-model';
import { variableOf } from './variables';

const SHARE: NumberRange = { min: 0, below: 1 };

/** Settings of {@link exponentialMovingAverage}. */
export interface ExponentialMovingAverageOptions {
  /**
   * Share of the old average that each step keeps; a schedule is asked with the updates of the average made
   * before. Default 0.999, about the last 1000 steps.
   */
  readonly decay?: number | Schedule;
  /**
   * Begin with a shorter memory, so that the untrained weights are soon forgotten; a schedule that does so
   * itself wants none. Default true.
   */
  readonly warmUp?: boolean;
}

/** A player's networks, averaged over the last steps. Whoever made it disposes it. */
export interface ExponentialMovingAverage {
  readonly decay: number | Schedule;
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
 *
 * Karras et al. 2022 (EDM), arXiv 2206.00364, let the half-life grow with training up to its last value h,
 * and R3GAN (Huang et al. 2024, arXiv 2501.05441) lets it rise too:
 * `{ decay: { name: 'half-life', at: (n) => 0.5 ** (1 / Math.max(1e-8, Math.min(h, n / 20))) }, warmUp: false }`.
 *
 * @throws UsageError if `decay` is not at least 0 and below 1; `update` too, if a schedule says so.
 */
export async function exponentialMovingAverage(
  models: Player['models'],
  { decay = 0.999, warmUp = true }: ExponentialMovingAverageOptions = {},
): Promise<ExponentialMovingAverage> {
  requireNumbers('exponentialMovingAverage', { decay }, SHARE);
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
      const wanted = valueAt(decay, step - 1, SHARE);
      const kept = warmUp ? Math.min(wanted, (1 + step) / (10 + step)) : wanted;
      for (const [average, variable] of pairs) moveTowards(average, variable, 1 - kept);
    },
    dispose() {
      for (const model of Object.values(averages)) model.dispose();
    },
  };
}
