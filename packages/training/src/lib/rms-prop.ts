import type { Optimizer } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { decayed, rootOf } from './adam';
import { type LearningRate, rateAt } from './learning-rate';
import { optimizerMemory } from './optimizer-memory';

export interface RmsPropOptions {
  /** Default 5e-5, as Arjovsky et al. 2017 (arXiv 1701.07875) train WGAN. */
  readonly learningRate?: LearningRate;
  /** α, how much of the mean square each update keeps; default 0.99. */
  readonly decay?: number;
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
 * PyTorch adds it.
 */
export function rmsProp(options: RmsPropOptions = {}): Optimizer {
  const { learningRate = 5e-5, decay = 0.99, epsilon = 1e-8 } = options;
  const memory = optimizerMemory({
    name: 'rms-prop',
    slots: ['meanSquare'],
    countMatters: typeof learningRate !== 'number',
  });
  return {
    name: 'rms-prop',
    settings: { learningRate, decay, epsilon },
    apply(variables, gradients) {
      variables.forEach((variable, i) => {
        const slot = memory.of(variable);
        const rate = rateAt(learningRate, slot.updates++);
        const { meanSquare } = slot.slots;
        tf.tidy(() => {
          const gradient = gradients[i]!;
          meanSquare.assign(decayed(meanSquare, gradient.square(), decay));
          const denominator = meanSquare.sqrt().add(epsilon);
          variable.assign(variable.sub(gradient.mul(rate).div(denominator)));
        });
      });
    },
    rehearse(variables) {
      const rehearsed = variables.map((variable) => {
        const slot = memory.find(variable);
        return {
          meanSquare: slot?.slots.meanSquare as tf.Tensor | undefined,
          updates: slot?.updates ?? 0,
        };
      });
      return (parameters, gradients) =>
        parameters.map((parameter, i) => {
          const gradient = gradients[i];
          if (!gradient) return parameter;
          const slot = rehearsed[i]!;
          slot.meanSquare = decayed(slot.meanSquare, gradient.square(), decay);
          const denominator = rootOf(slot.meanSquare).add(epsilon);
          return parameter.sub(gradient.mul(rateAt(learningRate, slot.updates++)).div(denominator));
        });
    },
    slots: memory.slots,
    restore: memory.restore,
    dispose: memory.dispose,
  };
}
