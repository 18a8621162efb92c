import { ensureOwnStorage, type Optimizer } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { composedOptimizer, decayed, rootOf } from './composed-optimizer';
import type { LearningRate } from './learning-rate';
import { valueAt } from './schedules/value-at';

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

/** Attributes of the optional kernel `AdamStep`, which updates variable, m and v in place. */
export interface AdamStepAttrs {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** lr / (1 − β₁ᵗ) */
  readonly stepSize: number;
  /** 1 / √(1 − β₂ᵗ) */
  readonly inverseSqrtBias2: number;
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
  /** Of the update after `n` others. */
  const attrsAt = (n: number): AdamStepAttrs => ({
    beta1,
    beta2,
    epsilon,
    stepSize: valueAt(learningRate, n) / (1 - beta1 ** (n + 1)),
    inverseSqrtBias2: 1 / Math.sqrt(1 - beta2 ** (n + 1)),
  });
  const shrunk = (parameter: tf.Tensor, n: number) =>
    weightDecay === 0 ? parameter : parameter.mul(1 - valueAt(learningRate, n) * weightDecay);

  return composedOptimizer({
    name,
    settings: { learningRate, beta1, beta2, epsilon, ...(weightDecay !== 0 && { weightDecay }) },
    slots: ['m', 'v'],
    update(parameter, slots, gradient, n) {
      const { stepSize, inverseSqrtBias2 } = attrsAt(n);
      const m = decayed(slots.m, gradient, beta1);
      const v = decayed(slots.v, gradient.square(), beta2);
      const denominator = rootOf(v).mul(inverseSqrtBias2).add(epsilon);
      const step = m.mul(stepSize).div(denominator);
      return { parameter: shrunk(parameter, n).sub(step), slots: { m, v } };
    },
    updateInPlace(variable, { m, v }, gradient, n) {
      const fused = tf.getKernel('AdamStep', tf.getBackend());
      if (!fused) return false;
      if (weightDecay !== 0) tf.tidy(() => variable.assign(shrunk(variable, n)));
      for (const target of [variable, m, v]) ensureOwnStorage(target);
      fused.kernelFunc({
        inputs: { variable, m, v, gradient },
        backend: tf.backend(),
        attrs: { ...attrsAt(n) },
      });
      return true;
    },
  });
}
