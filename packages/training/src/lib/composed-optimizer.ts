import type { Optimizer } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { optimizerMemory, type OptimizerMemoryOptions } from './optimizer-memory';

type Slots<Slot extends string, T> = Readonly<Record<Slot, T>>;

export interface OptimizerRule<Slot extends string> extends OptimizerMemoryOptions<Slot> {
  readonly settings: Optimizer['settings'];
  /**
   * A parameter and its slots after one more update, of which there were `n` before, in operations
   * that can be differentiated. Slots are zero at first.
   */
  update(
    parameter: tf.Tensor,
    slots: Slots<Slot, tf.Tensor>,
    gradient: tf.Tensor,
    n: number,
  ): { readonly parameter: tf.Tensor; readonly slots: Slots<Slot, tf.Tensor> };
  /** Does the same in place if the backend has a kernel for it, and says whether it did. */
  updateInPlace?(
    variable: tf.Variable,
    slots: Slots<Slot, tf.Variable>,
    gradient: tf.Tensor,
    n: number,
  ): boolean;
}

/** An optimizer whose update of a variable depends on that variable's gradients alone. */
export function composedOptimizer<Slot extends string>(rule: OptimizerRule<Slot>): Optimizer {
  const { name, slots: slotNames, settings } = rule;
  const memory = optimizerMemory(rule);
  return {
    name,
    settings,
    apply(variables, gradients) {
      variables.forEach((variable, i) => {
        const remembered = memory.of(variable);
        const n = remembered.updates++;
        const gradient = gradients[i]!;
        if (rule.updateInPlace?.(variable, remembered.slots, gradient, n)) return;
        tf.tidy(() => {
          const next = rule.update(variable, remembered.slots, gradient, n);
          for (const slot of slotNames) remembered.slots[slot].assign(next.slots[slot]);
          variable.assign(next.parameter);
        });
      });
    },
    rehearse(variables) {
      const rehearsed = variables.map((variable) => {
        const found = memory.find(variable);
        const zeros = () =>
          Object.fromEntries(
            slotNames.map((slot): [string, tf.Tensor] => [slot, tf.zeros(variable.shape)]),
          ) as Record<Slot, tf.Tensor>;
        const slots: Slots<Slot, tf.Tensor> = found?.slots ?? zeros();
        return { slots, updates: found?.updates ?? 0 };
      });
      return (parameters, gradients) =>
        parameters.map((parameter, i) => {
          const gradient = gradients[i];
          if (!gradient) return parameter;
          const own = rehearsed[i]!;
          const next = rule.update(parameter, own.slots, gradient, own.updates++);
          own.slots = next.slots;
          return next.parameter;
        });
    },
    slots: memory.slots,
    restore: memory.restore,
    dispose: memory.dispose,
  };
}

/** decay · average + (1 − decay) · value */
export function decayed(average: tf.Tensor, value: tf.Tensor, decay: number): tf.Tensor {
  return average.mul(decay).add(value.mul(1 - decay));
}

/** Far below the squares of gradients that matter, far above the smallest float. */
const SMALLEST = 1e-24;

/** √x with a slope at zero: that of the root is infinite there, where that of a square is zero. */
export function rootOf(meanSquare: tf.Tensor): tf.Tensor {
  return meanSquare.add(SMALLEST).sqrt();
}
