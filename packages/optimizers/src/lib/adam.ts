import { type Optimizer, valueAt } from '@ganloom/core';
import { composedOptimizer, decayed, moved, rootOf } from './composed-optimizer';
import type { LearningRate } from './learning-rate';

export interface AdamOptions {
  /** Default 2e-4, as Radford et al. 2015 (arXiv 1511.06434) train DCGAN. */
  readonly learningRate?: LearningRate;
  /** Decay of the first moment; default 0.5, from the same paper: 0.9 makes GANs oscillate. */
  readonly beta1?: number;
  /** Decay of the second moment; default 0.999. */
  readonly beta2?: number;
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
 */
export function adam(options: AdamOptions = {}): Optimizer {
  return decayingAdam('adam', options, 0);
}

/** Adam that shrinks the weights before each update by lr · weightDecay, as a share of them. */
export function decayingAdam(name: string, options: AdamOptions, weightDecay: number): Optimizer {
  const { learningRate = 2e-4, beta1 = 0.5, beta2 = 0.999, epsilon = 1e-8 } = options;
  return composedOptimizer({
    name,
    settings: { learningRate, beta1, beta2, epsilon, ...(weightDecay !== 0 && { weightDecay }) },
    slots: ['m', 'v'],
    kernel: 'AdamStep',
    attrs(n) {
      const rate = valueAt(learningRate, n);
      return {
        beta1,
        beta2,
        epsilon,
        stepSize: rate / (1 - beta1 ** (n + 1)),
        inverseSqrtBias2: 1 / Math.sqrt(1 - beta2 ** (n + 1)),
        shrinkage: rate * weightDecay,
      };
    },
    update(parameter, slots, gradient, { stepSize, inverseSqrtBias2, shrinkage }) {
      const m = decayed(slots.m, gradient, beta1);
      const v = decayed(slots.v, gradient.square(), beta2);
      const denominator = rootOf(v).mul(inverseSqrtBias2).add(epsilon);
      const step = m.mul(stepSize).div(denominator);
      return { parameter: moved(parameter, step, shrinkage), slots: { m, v } };
    },
  });
}
