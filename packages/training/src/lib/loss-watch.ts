import * as tf from '@tensorflow/tfjs';
import type { Scalars } from './events';

/** Sees the losses of every step, though they are read now and then. */
export interface LossWatch {
  /** Notes the losses of the next step; the caller keeps them. Nothing is read back. */
  note(step: number, losses: Readonly<Record<string, tf.Scalar>>): void;
  /**
   * The losses of the first step since the last reading in which one was not finite, or else of the
   * last step.
   */
  read(): Promise<{ readonly step: number; readonly losses: Scalars }>;
  dispose(): void;
}

/**
 * Keeps a step's number and losses on the device, until a step with finite ones before it replaces
 * them: a few operations on as many numbers as there are names.
 *
 * @param names all losses that a step may have
 * @param namesAt those that it has
 */
export function lossWatch(
  names: readonly string[],
  namesAt: (step: number) => readonly string[],
): LossWatch {
  let kept: tf.Tensor | undefined;
  // Steps are counted from the last reading, because float32 counts to 2²⁴ only.
  let read = 0;
  let last = 0;
  return {
    note(step, losses) {
      if (!kept) read = step - 1;
      last = step;
      const next = tf.tidy(() => {
        const none = tf.scalar(0);
        const row = [tf.scalar(step - read), ...names.map((name) => losses[name] ?? none)];
        const noted = tf.stack(row);
        return kept ? tf.where(tf.all(tf.isFinite(kept)), noted, kept) : noted;
      });
      kept?.dispose();
      kept = next;
    },
    async read() {
      const [steps, ...values] = await kept!.data();
      const step = read + steps!;
      read = last;
      const all = new Map(names.map((name, i) => [name, values[i]!]));
      return {
        step,
        losses: Object.fromEntries(namesAt(step).map((name) => [name, all.get(name)!])),
      };
    },
    dispose() {
      kept?.dispose();
      kept = undefined;
    },
  };
}
