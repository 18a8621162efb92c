import type { Optimizer } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { type LearningRate, rateAt } from './learning-rate';
import { type Memory, optimizerMemory } from './optimizer-memory';
import { ensureOwnStorage } from './own-storage';

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
  const memory = optimizerMemory({ name, slots: ['m', 'v'] });

  /** Of the t-th update; the first is 1. */
  const attrsAt = (t: number): AdamStepAttrs => ({
    beta1,
    beta2,
    epsilon,
    stepSize: rateAt(learningRate, t - 1) / (1 - beta1 ** t),
    inverseSqrtBias2: 1 / Math.sqrt(1 - beta2 ** t),
  });
  const keptAt = (t: number) => 1 - rateAt(learningRate, t - 1) * weightDecay;

  return {
    name,
    settings: { learningRate, beta1, beta2, epsilon, ...(weightDecay !== 0 && { weightDecay }) },

    apply(variables, gradients) {
      const fused = tf.getKernel('AdamStep', tf.getBackend());
      variables.forEach((variable, i) => {
        const slot = memory.of(variable);
        const t = ++slot.updates;
        const attrs = attrsAt(t);
        const { m, v } = slot.slots;
        if (weightDecay !== 0) tf.tidy(() => variable.assign(variable.mul(keptAt(t))));
        if (fused) {
          for (const target of [variable, m, v]) ensureOwnStorage(target);
          fused.kernelFunc({
            inputs: { variable, m, v, gradient: gradients[i]! },
            backend: tf.backend(),
            attrs: { ...attrs },
          });
        } else {
          composedStep(variable, slot, gradients[i]!, attrs);
        }
      });
    },

    rehearse(variables) {
      const rehearsed = variables.map((variable) => {
        const slot = memory.find(variable);
        return {
          m: slot?.slots.m as tf.Tensor | undefined,
          v: slot?.slots.v as tf.Tensor | undefined,
          t: slot?.updates ?? 0,
        };
      });
      return (parameters, gradients) =>
        parameters.map((parameter, i) => {
          const gradient = gradients[i];
          if (!gradient) return parameter;
          const slot = rehearsed[i]!;
          slot.t++;
          slot.m = decayed(slot.m, gradient, beta1);
          slot.v = decayed(slot.v, gradient.square(), beta2);
          const { stepSize, inverseSqrtBias2 } = attrsAt(slot.t);
          const denominator = rootOf(slot.v).mul(inverseSqrtBias2).add(epsilon);
          const kept = weightDecay === 0 ? parameter : parameter.mul(keptAt(slot.t));
          return kept.sub(slot.m.mul(stepSize).div(denominator));
        });
    },

    slots: memory.slots,
    restore: memory.restore,
    dispose: memory.dispose,
  };
}

/** Far below the squares of gradients that matter, far above the smallest float. */
const SMALLEST = 1e-24;

/** √x, for rehearsals: its derivative at zero is infinite, and the square's zero; their product is none. */
export function rootOf(meanSquare: tf.Tensor): tf.Tensor {
  return meanSquare.add(SMALLEST).sqrt();
}

/** decay · average + (1 − decay) · value; an average that does not exist yet is zero. */
export function decayed(
  average: tf.Tensor | undefined,
  value: tf.Tensor,
  decay: number,
): tf.Tensor {
  const fresh = value.mul(1 - decay);
  return average ? average.mul(decay).add(fresh) : fresh;
}

function composedStep(
  variable: tf.Variable,
  { slots: { m, v } }: Memory<'m' | 'v'>,
  gradient: tf.Tensor,
  { beta1, beta2, epsilon, stepSize, inverseSqrtBias2 }: AdamStepAttrs,
): void {
  tf.tidy(() => {
    m.assign(decayed(m, gradient, beta1));
    v.assign(decayed(v, gradient.square(), beta2));
    const denominator = v.sqrt().mul(inverseSqrtBias2).add(epsilon);
    variable.assign(variable.sub(m.mul(stepSize).div(denominator)));
  });
}
