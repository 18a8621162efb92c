import { type Optimizer, requireNumbers, type Schedule, valueAt } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { composedOptimizer, decayed, moved } from './composed-optimizer';
import type { LearningRate } from './learning-rate';
import { isScheduled, SHARE } from './settings';

/** Settings of {@link lion}. */
export interface LionOptions {
  /** Default 1e-4. All steps have its length, so that it should be a third to a tenth of Adam's. */
  readonly learningRate?: LearningRate;
  /** Share of the past in the direction; default 0.9. */
  readonly beta1?: number | Schedule;
  /** Share of the past that is remembered; default 0.99. */
  readonly beta2?: number | Schedule;
  /** λ; default 0. */
  readonly weightDecay?: number | Schedule;
}

/**
 * Lion: steps of one length, in the direction of the sign of an average gradient.
 *
 * u = sign(β₁m + (1 − β₁)g),  p ← (1 − lr · λ) p − lr · u,  m ← β₂m + (1 − β₂)g
 *
 * Chen et al. 2023, arXiv 2302.06675, algorithm 2. A sign has no slope: a generator that is unrolled
 * through this optimizer meets the discriminator of later, and does not see its own hand in it. Schedules
 * are asked with the updates of the variable made before.
 *
 * @throws UsageError if the rate or λ is below 0, or a β is not at least 0 and below 1.
 */
export function lion(options: LionOptions = {}): Optimizer {
  const { learningRate = 1e-4, beta1 = 0.9, beta2 = 0.99, weightDecay = 0 } = options;
  requireNumbers('lion', { learningRate, weightDecay }, { min: 0 });
  requireNumbers('lion', { beta1, beta2 }, SHARE);
  return composedOptimizer({
    name: 'lion',
    settings: { learningRate, beta1, beta2, weightDecay },
    slots: ['momentum'],
    countMatters: isScheduled(learningRate, beta1, beta2, weightDecay),
    kernel: 'LionStep',
    attrs(n) {
      const rate = valueAt(learningRate, n);
      return {
        learningRate: rate,
        beta1: valueAt(beta1, n, SHARE),
        beta2: valueAt(beta2, n, SHARE),
        shrinkage: rate * valueAt(weightDecay, n, { min: 0 }),
      };
    },
    update(parameter, { momentum }, gradient, attrs) {
      const average = decayed(momentum, gradient, attrs.beta1);
      // Stock kernels have 0 for the sign of NaN, behind which a NaN gradient would be lost.
      const sign = tf.where(tf.isNaN(average), average, tf.sign(average));
      return {
        parameter: moved(parameter, sign.mul(attrs.learningRate), attrs.shrinkage),
        slots: { momentum: decayed(momentum, gradient, attrs.beta2) },
      };
    },
  });
}
