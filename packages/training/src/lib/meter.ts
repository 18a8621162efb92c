import { sumOf } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/** Takes down scalars of a step. They are kept until somebody disposes them. */
export interface Meter {
  readonly losses: Record<string, tf.Scalar>;
  readonly statistics: Record<string, tf.Scalar>;
  /** Notes a statistic, computed only where someone wants to read it. */
  note(name: string, value: () => tf.Scalar | tf.Tensor): void;
  dispose(): void;
}

/** @param reads whether somebody reads the statistics of the step */
export function stepMeter(reads: boolean): Meter {
  const [losses, statistics]: Record<string, tf.Scalar>[] = [{}, {}];
  return {
    losses: losses!,
    statistics: statistics!,
    note(name, value) {
      if (reads) statistics![name] = tf.keep(value()) as tf.Scalar;
    },
    dispose: () => tf.dispose([losses!, statistics!]),
  };
}

/** √ Σ g², over all elements of all tensors. */
export function norm(tensors: readonly tf.Tensor[]): tf.Scalar {
  const squares = tensors.map((tensor) => tf.sum<tf.Scalar>(tf.square(tensor)));
  return squares.length === 0 ? tf.scalar(0) : tf.sqrt(sumOf(squares));
}
