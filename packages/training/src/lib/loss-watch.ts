import * as tf from '@tensorflow/tfjs';
import type { Scalars } from './events';

/** Sees the losses of every step, though they are read now and then. */
export interface LossWatch {
  /** Takes over the losses of the next step. Nothing is computed or read back. */
  note(step: number, losses: Readonly<Record<string, tf.Scalar>>): void;
  /**
   * The losses of the first step since the last reading in which one was not finite, or else of the
   * last step.
   */
  read(): Promise<{ readonly step: number; readonly losses: Scalars }>;
  dispose(): void;
}

// So many scalars become one tensor, that memory stays small where losses are seldom read.
const TOGETHER = 512;

/** @param namesAt the losses that a step has */
export function lossWatch(namesAt: (step: number) => readonly string[]): LossWatch {
  let first: number | undefined;
  let last = 0;
  /** Of the steps from `first` to `last`, in order. */
  let joined: tf.Tensor1D[] = [];
  let scalars: tf.Scalar[] = [];

  function join(): void {
    if (scalars.length > 0) joined.push(tf.stack(scalars) as tf.Tensor1D);
    tf.dispose(scalars);
    scalars = [];
  }

  function dispose(): void {
    tf.dispose([joined, scalars]);
    joined = [];
    scalars = [];
    first = undefined;
  }

  return {
    note(step, losses) {
      first ??= step;
      last = step;
      scalars.push(...namesAt(step).map((name) => losses[name]!));
      if (scalars.length >= TOGETHER) join();
    },
    async read() {
      join();
      const all = tf.concat(joined);
      const values = await all.data();
      all.dispose();
      let [step, at] = [first!, 0];
      dispose();
      for (; ; step++) {
        const names = namesAt(step);
        const own = values.slice(at, at + names.length);
        at += names.length;
        if (step === last || own.some((value) => !Number.isFinite(value))) {
          return { step, losses: Object.fromEntries(names.map((name, i) => [name, own[i]!])) };
        }
      }
    },
    dispose,
  };
}
