import type { Optimizer } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { copy, ensureOwnStorage } from './own-storage';

export interface AdamOptions {
  /** Default 2e-4, as Radford et al. 2015 (arXiv 1511.06434) train DCGAN. */
  readonly learningRate?: number;
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

interface Moments {
  readonly m: tf.Variable;
  readonly v: tf.Variable;
  updates: number;
  /** `updates` as a tensor, for `slots()`. */
  updatesTensor?: tf.Tensor;
}

/**
 * Adam.
 *
 * m ← β₁m + (1 − β₁)g,  v ← β₂v + (1 − β₂)g²,
 * p ← p − lr · m̂ / (√v̂ + ε)  with  m̂ = m / (1 − β₁ᵗ),  v̂ = v / (1 − β₂ᵗ)
 *
 * Kingma and Ba 2014, arXiv 1412.6980; ε is added where PyTorch adds it. Moments belong to a
 * variable, not to its position in the list, so the list may change from step to step.
 */
export function adam(options: AdamOptions = {}): Optimizer {
  const { learningRate = 2e-4, beta1 = 0.5, beta2 = 0.999, epsilon = 1e-8 } = options;
  const moments = new Map<tf.Variable, Moments>();

  const momentsOf = (variable: tf.Variable): Moments => {
    let found = moments.get(variable);
    if (!found) {
      const zeros = () => tf.tidy(() => tf.variable(tf.zeros(variable.shape), false));
      found = { m: zeros(), v: zeros(), updates: 0 };
      moments.set(variable, found);
    }
    return found;
  };

  const attrsAt = (t: number): AdamStepAttrs => ({
    beta1,
    beta2,
    epsilon,
    stepSize: learningRate / (1 - beta1 ** t),
    inverseSqrtBias2: 1 / Math.sqrt(1 - beta2 ** t),
  });

  const forget = () => {
    for (const { m, v, updatesTensor } of moments.values()) {
      tf.dispose([m, v]);
      updatesTensor?.dispose();
    }
    moments.clear();
  };

  return {
    name: 'adam',
    settings: { learningRate, beta1, beta2, epsilon },

    apply(variables, gradients) {
      const fused = tf.getKernel('AdamStep', tf.getBackend());
      variables.forEach((variable, i) => {
        const slot = momentsOf(variable);
        const attrs = attrsAt(++slot.updates);
        if (fused) {
          for (const target of [variable, slot.m, slot.v]) ensureOwnStorage(target);
          fused.kernelFunc({
            inputs: { variable, m: slot.m, v: slot.v, gradient: gradients[i]! },
            backend: tf.backend(),
            attrs: { ...attrs },
          });
        } else {
          composedStep(variable, slot, gradients[i]!, attrs);
        }
      });
    },

    rehearse(variables) {
      const memory = variables.map((variable) => {
        const slot = moments.get(variable);
        return {
          m: slot?.m as tf.Tensor | undefined,
          v: slot?.v as tf.Tensor | undefined,
          t: slot?.updates ?? 0,
        };
      });
      return (parameters, gradients) =>
        parameters.map((parameter, i) => {
          const gradient = gradients[i];
          if (!gradient) return parameter;
          const slot = memory[i]!;
          slot.t++;
          slot.m = decayed(slot.m, gradient, beta1);
          slot.v = decayed(slot.v, gradient.square(), beta2);
          const { stepSize, inverseSqrtBias2 } = attrsAt(slot.t);
          // The root's derivative at zero is infinite, and the square's zero: their product is none.
          const deviation = slot.v.add(SMALLEST).sqrt();
          const denominator = deviation.mul(inverseSqrtBias2).add(epsilon);
          return parameter.sub(slot.m.mul(stepSize).div(denominator));
        });
    },

    slots(variables) {
      const all: Record<string, tf.Tensor> = {};
      for (const [name, variable] of Object.entries(variables)) {
        const slot = moments.get(variable);
        if (!slot) continue;
        slot.updatesTensor?.dispose();
        slot.updatesTensor = tf.keep(tf.scalar(slot.updates, 'int32'));
        all[`${name}/m`] = slot.m;
        all[`${name}/v`] = slot.v;
        all[`${name}/updates`] = slot.updatesTensor;
      }
      return all;
    },

    restore(variables, slots) {
      const restored: [tf.Variable, Moments][] = [];
      for (const [name, variable] of Object.entries(variables)) {
        const [m, v, updates] = ['m', 'v', 'updates'].map((slot) => slots[`${name}/${slot}`]);
        if (!m || !v || !updates) continue;
        restored.push([variable, { m: copy(m), v: copy(v), updates: updates.dataSync()[0]! }]);
      }
      // Only now, because the slots may be this optimizer's own.
      forget();
      for (const [variable, slot] of restored) moments.set(variable, slot);
    },

    dispose: forget,
  };
}

/** Far below the squares of gradients that matter, far above the smallest float. */
const SMALLEST = 1e-24;

function decayed(average: tf.Tensor | undefined, value: tf.Tensor, decay: number): tf.Tensor {
  const fresh = value.mul(1 - decay);
  return average ? average.mul(decay).add(fresh) : fresh;
}

function composedStep(
  variable: tf.Variable,
  { m, v }: Moments,
  gradient: tf.Tensor,
  { beta1, beta2, epsilon, stepSize, inverseSqrtBias2 }: AdamStepAttrs,
): void {
  tf.tidy(() => {
    m.assign(m.mul(beta1).add(gradient.mul(1 - beta1)));
    v.assign(v.mul(beta2).add(gradient.square().mul(1 - beta2)));
    const denominator = v.sqrt().mul(inverseSqrtBias2).add(epsilon);
    variable.assign(variable.sub(m.mul(stepSize).div(denominator)));
  });
}
