import { type Optimizer, UsageError, valueAt } from '@ganloom/core';
import { composedOptimizer, decayed, moved } from './composed-optimizer';
import type { LearningRate } from './learning-rate';

export interface LionOptions {
  /** Default 1e-4. All steps have its length, so that it should be a third to a tenth of Adam's. */
  readonly learningRate?: LearningRate;
  /** Share of the past in the direction; default 0.9. */
  readonly beta1?: number;
  /** Share of the past that is remembered; default 0.99. */
  readonly beta2?: number;
  /** λ; default 0. */
  readonly weightDecay?: number;
}

/**
 * Lion: steps of one length, in the direction of the sign of an average gradient.
 *
 * u = sign(β₁m + (1 − β₁)g),  p ← (1 − lr · λ) p − lr · u,  m ← β₂m + (1 − β₂)g
 *
 * Chen et al. 2023, arXiv 2302.06675, algorithm 2. A sign has no slope: a generator that is unrolled
 * through this optimizer meets the discriminator of later, and does not see its own hand in it.
 *
 * @throws UsageError if `weightDecay` is below 0 or no number.
 */
export function lion(options: LionOptions = {}): Optimizer {
  const { learningRate = 1e-4, beta1 = 0.9, beta2 = 0.99, weightDecay = 0 } = options;
  if (!(weightDecay >= 0)) {
    throw new UsageError(`lion: weightDecay must be a number of at least 0, got ${weightDecay}`);
  }
  return composedOptimizer({
    name: 'lion',
    settings: { learningRate, beta1, beta2, weightDecay },
    slots: ['momentum'],
    countMatters: typeof learningRate !== 'number',
    kernel: 'LionStep',
    attrs(n) {
      const rate = valueAt(learningRate, n);
      return { learningRate: rate, beta1, beta2, shrinkage: rate * weightDecay };
    },
    update(parameter, { momentum }, gradient, { learningRate: rate, shrinkage }) {
      const step = decayed(momentum, gradient, beta1).sign().mul(rate);
      return {
        parameter: moved(parameter, step, shrinkage),
        slots: { momentum: decayed(momentum, gradient, beta2) },
      };
    },
  });
}
