import { ganloomError, type NamedVariables } from '@ganloom/core';
import { copy } from '@ganloom/gradients';
import * as tf from '@tensorflow/tfjs';

/** What an optimizer remembers of one variable. */
export interface Memory<Slot extends string> {
  readonly slots: Readonly<Record<Slot, tf.Variable>>;
  /** Updates of the variable. */
  updates: number;
}

/** What an optimizer remembers of its variables: the same tensors of each, and a count of updates. */
export interface OptimizerMemory<Slot extends string> {
  /** Of a variable, zeros before its first update. */
  of(variable: tf.Variable): Memory<Slot>;
  /** The same where there is something, and nothing is made. */
  find(variable: tf.Variable): Memory<Slot> | undefined;
  /** As those of `Optimizer`. */
  slots(variables: NamedVariables): Readonly<Record<string, tf.Tensor>>;
  restore(variables: NamedVariables, slots: Readonly<Record<string, tf.Tensor>>): void;
  dispose(): void;
}

export interface OptimizerMemoryOptions<Slot extends string> {
  /** The optimizer's name. */
  readonly name: string;
  readonly slots: readonly Slot[];
  /** Whether an update depends on how many there were. Default true. */
  readonly countMatters?: boolean;
}

/**
 * The memory of an optimizer, with tensors of the variables' shapes. It belongs to a variable, not to
 * its position in a list, so the list may change from step to step.
 */
export function optimizerMemory<Slot extends string>({
  name: optimizer,
  slots: slotNames,
  countMatters = true,
}: OptimizerMemoryOptions<Slot>): OptimizerMemory<Slot> {
  const all = new Map<tf.Variable, Memory<Slot>>();
  /** The counts as tensors, for `slots`. */
  const counts = new Map<tf.Variable, tf.Tensor>();

  const each = (make: (slot: Slot) => tf.Variable) =>
    Object.fromEntries(slotNames.map((slot) => [slot, make(slot)])) as Record<Slot, tf.Variable>;

  const forget = () => {
    for (const { slots } of all.values()) tf.dispose(slots);
    tf.dispose([...counts.values()]);
    all.clear();
    counts.clear();
  };

  /** What is remembered under a name, unless nothing is. */
  const recall = (
    name: string,
    given: Readonly<Record<string, tf.Tensor>>,
  ): Memory<Slot> | undefined => {
    const count = given[`${name}/updates`];
    const found = slotNames.filter((slot) => given[`${name}/${slot}`]);
    if (!count && found.length === 0) return undefined;
    // Optimizers whose updates are all alike once did not count them.
    if (found.length < slotNames.length || (!count && countMatters)) {
      const expected = [...slotNames, 'updates'].join(', ');
      const received = [...found, ...(count ? ['updates'] : [])].join(', ');
      throw ganloomError(
        `${optimizer}: restore`,
        `"${name}" must have the slots ${expected}`,
        received,
        'these are the slots of another optimizer, or of an older version',
      );
    }
    return {
      slots: each((slot) => copy(given[`${name}/${slot}`]!)),
      updates: count?.dataSync()[0] ?? 0,
    };
  };

  return {
    of(variable) {
      let found = all.get(variable);
      if (!found) {
        const zeros = () => tf.tidy(() => tf.variable(tf.zeros(variable.shape), false));
        found = { slots: each(zeros), updates: 0 };
        all.set(variable, found);
      }
      return found;
    },
    find: (variable) => all.get(variable),
    slots(variables) {
      const named: Record<string, tf.Tensor> = {};
      for (const [name, variable] of Object.entries(variables)) {
        const found = all.get(variable);
        if (!found) continue;
        counts.get(variable)?.dispose();
        const count = tf.keep(tf.scalar(found.updates, 'int32'));
        counts.set(variable, count);
        for (const slot of slotNames) named[`${name}/${slot}`] = found.slots[slot];
        named[`${name}/updates`] = count;
      }
      return named;
    },
    restore(variables, slots) {
      const restored: [tf.Variable, Memory<Slot>][] = [];
      try {
        for (const [name, variable] of Object.entries(variables)) {
          const found = recall(name, slots);
          if (found) restored.push([variable, found]);
        }
      } catch (error) {
        tf.dispose(restored.map(([, { slots: copies }]) => copies));
        throw error;
      }
      // Only now, because the slots may be this optimizer's own.
      forget();
      for (const [variable, found] of restored) all.set(variable, found);
    },
    dispose: forget,
  };
}
