import { type Optimizer, requireNumbers, type Schedule, valueAt } from '@ganloom/core';
import { composedOptimizer, decayed, rootOf } from './composed-optimizer';
import type { LearningRate } from './learning-rate';
import { isScheduled, SHARE } from './settings';

/** Settings of {@link rmsProp}. */
export interface RmsPropOptions {
  /** Default 5e-5, as Arjovsky et al. 2017 (arXiv 1701.07875) train WGAN. */
  readonly learningRate?: LearningRate;
  /** α, how much of the mean square each update keeps; default 0.99. */
  readonly decay?: number | Schedule;
  /** Default 1e-8. */
  readonly epsilon?: number;
}

/**
 * RMSProp: gradients by the root of their recent mean square. Without momentum, which WGAN's critic
 * does not bear.
 *
 * v ← αv + (1 − α)g²,  p ← p − lr · g / (√v + ε)
 *
 * Tieleman and Hinton 2012, lecture 6.5 of "Neural networks for machine learning"; ε is added where
 * PyTorch adds it. Schedules are asked with the updates of the variable made before.
 *
 * @throws UsageError if the rate or ε is below 0, or `decay` is not at least 0 and below 1.
 */
export function rmsProp(options: RmsPropOptions = {}): Optimizer {
  const { learningRate = 5e-5, decay = 0.99, epsilon = 1e-8 } = options;
  requireNumbers('rmsProp', { learningRate, epsilon }, { min: 0 });
  requireNumbers('rmsProp', { decay }, SHARE);
  return composedOptimizer({
    name: 'rms-prop',
    settings: { learningRate, decay, epsilon },
    slots: ['meanSquare'],
    countMatters: isScheduled(learningRate, decay),
    kernel: 'RmsPropStep',
    attrs: (n) => ({
      learningRate: valueAt(learningRate, n),
      decay: valueAt(decay, n, SHARE),
      epsilon,
    }),
    update(parameter, slots, gradient, attrs) {
      const meanSquare = decayed(slots.meanSquare, gradient.square(), attrs.decay);
      const denominator = rootOf(meanSquare).add(epsilon);
      return {
        parameter: parameter.sub(gradient.mul(attrs.learningRate).div(denominator)),
        slots: { meanSquare },
      };
    },
  });
}
