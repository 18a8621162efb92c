import type { Optimizer } from '@ganloom/core';
import { type InPlaceKernelName, type InPlaceKernelTypes, updateInPlace } from '@ganloom/kernels';
import * as tf from '@tensorflow/tfjs';
import { optimizerMemory, type OptimizerMemoryOptions } from './optimizer-memory';

type Slots<Slot extends string, T> = Readonly<Record<Slot, T>>;

/** The kernels that update a variable from its gradient; what else they write are slots. */
type UpdateKernel = Exclude<InPlaceKernelName, 'LerpStep'>;

type SlotOf<Kernel extends UpdateKernel> = Exclude<
  keyof InPlaceKernelTypes[Kernel]['written'] & string,
  'variable'
>;

export interface OptimizerRule<
  Kernel extends UpdateKernel,
  Slot extends SlotOf<Kernel> = SlotOf<Kernel>,
> extends OptimizerMemoryOptions<Slot> {
  readonly settings: Optimizer['settings'];
  /** The kernel that does in place what `update` does, where the backend has it. */
  readonly kernel: Kernel;
  /** What the update after `n` others needs to know beside its tensors. */
  attrs(n: number): InPlaceKernelTypes[Kernel]['attrs'];
  /** A parameter and its slots after one more update, by differentiable operations. Slots begin as zeros. */
  update(
    parameter: tf.Tensor,
    slots: Slots<Slot, tf.Tensor>,
    gradient: tf.Tensor,
    attrs: InPlaceKernelTypes[Kernel]['attrs'],
  ): { readonly parameter: tf.Tensor; readonly slots: Slots<Slot, tf.Tensor> };
}

/** An optimizer whose update of a variable depends on that variable's gradients alone. */
export function composedOptimizer<Kernel extends UpdateKernel>(
  rule: OptimizerRule<Kernel>,
): Optimizer {
  type Slot = SlotOf<Kernel>;
  const { name, slots: slotNames, settings } = rule;
  const memory = optimizerMemory(rule);
  return {
    name,
    settings,
    apply(variables, gradients) {
      variables.forEach((variable, i) => {
        const remembered = memory.of(variable);
        const { slots } = remembered;
        const attrs = rule.attrs(remembered.updates++);
        const gradient = gradients[i]!;
        const written: InPlaceKernelTypes[Kernel]['written'] = { variable, ...slots };
        if (updateInPlace(rule.kernel, written, { gradient }, attrs)) return;
        tf.tidy(() => {
          const next = rule.update(variable, slots, gradient, attrs);
          for (const slot of slotNames) slots[slot].assign(next.slots[slot]);
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
          const next = rule.update(parameter, own.slots, gradient, rule.attrs(own.updates++));
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

/** parameter − (step + shrinkage · parameter): 1 − shrinkage would be rounded. */
export function moved(parameter: tf.Tensor, step: tf.Tensor, shrinkage: number): tf.Tensor {
  return parameter.sub(shrinkage === 0 ? step : step.add(parameter.mul(shrinkage)));
}

/** Far below the squares of gradients that matter, far above the smallest float. */
const SMALLEST = 1e-24;

/** √x with a slope at zero: that of the root is infinite there, where that of a square is zero. */
export function rootOf(meanSquare: tf.Tensor): tf.Tensor {
  return meanSquare.add(SMALLEST).sqrt();
}
