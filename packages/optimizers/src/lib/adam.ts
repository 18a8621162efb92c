import { type Optimizer, requireNumbers, type Schedule, valueAt } from '@ganloom/core';
import { composedOptimizer, decayed, moved, rootOf } from './composed-optimizer';
import type { LearningRate } from './learning-rate';
import { remainderOf } from './remainder-of';
import { SHARE } from './settings';

/** Settings of {@link adam}. */
export interface AdamOptions {
  /** Default 2e-4, as Radford et al. 2015 (arXiv 1511.06434) train DCGAN. */
  readonly learningRate?: LearningRate;
  /** Decay of the first moment; default 0.5, from the same paper: 0.9 makes GANs oscillate. */
  readonly beta1?: number | Schedule;
  /** Decay of the second moment; default 0.999. R3GAN lets it rise from 0.9 to 0.99. */
  readonly beta2?: number | Schedule;
  /** Default 1e-8. */
  readonly epsilon?: number;
}

/**
 * Adam.
 *
 * m ← β₁m + (1 − β₁)g,  v ← β₂v + (1 − β₂)g²,
 * p ← p − lr · m̂ / (√v̂ + ε)  with  m̂ = m / (1 − β₁ᵗ),  v̂ = v / (1 − β₂ᵗ)
 *
 * Kingma and Ba 2014, arXiv 1412.6980; ε is added where PyTorch adds it. Moments and the count t
 * belong to a variable, not to its position in the list, so the list may change from step to step.
 * Schedules are asked with the updates of the variable made before; in place of βᵗ stands the product
 * β(0) β(1) … β(t − 1) then, which is what of the zeros at the start is left in a moment.
 *
 * @throws UsageError if a rate or ε is below 0, or a β is not at least 0 and below 1.
 */
export function adam(options: AdamOptions = {}): Optimizer {
  return decayingAdam('adam', 'adam', options, 0);
}

/**
 * Adam that shrinks the weights before each update by lr · weightDecay, as a share of them.
 *
 * @param where the function that is to blame for wrong settings
 */
export function decayingAdam(
  where: string,
  name: string,
  options: AdamOptions,
  weightDecay: number | Schedule,
): Optimizer {
  const { learningRate = 2e-4, beta1 = 0.5, beta2 = 0.999, epsilon = 1e-8 } = options;
  requireNumbers(where, { learningRate, epsilon, weightDecay }, { min: 0 });
  requireNumbers(where, { beta1, beta2 }, SHARE);
  const [remainder1, remainder2] = [remainderOf(beta1), remainderOf(beta2)];
  return composedOptimizer({
    name,
    settings: { learningRate, beta1, beta2, epsilon, ...(weightDecay !== 0 && { weightDecay }) },
    slots: ['m', 'v'],
    kernel: 'AdamStep',
    attrs(n) {
      const rate = valueAt(learningRate, n);
      return {
        beta1: valueAt(beta1, n, SHARE),
        beta2: valueAt(beta2, n, SHARE),
        epsilon,
        stepSize: rate / (1 - remainder1(n)),
        inverseSqrtBias2: 1 / Math.sqrt(1 - remainder2(n)),
        shrinkage: rate * valueAt(weightDecay, n, { min: 0 }),
      };
    },
    update(parameter, slots, gradient, attrs) {
      const m = decayed(slots.m, gradient, attrs.beta1);
      const v = decayed(slots.v, gradient.square(), attrs.beta2);
      const denominator = rootOf(v).mul(attrs.inverseSqrtBias2).add(epsilon);
      const step = m.mul(attrs.stepSize).div(denominator);
      return { parameter: moved(parameter, step, attrs.shrinkage), slots: { m, v } };
    },
  });
}
