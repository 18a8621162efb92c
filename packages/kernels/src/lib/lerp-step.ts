import type * as tf from '@tensorflow/tfjs';

/** Attributes of the kernel `LerpStep`. */
export interface LerpStepAttrs {
  /** The share of the way to the source, from 0 to 1. */
  readonly amount: number;
}

/**
 * A step towards a tensor, in place, as exponential moving averages take them.
 *
 * target ← target + amount · (source − target)
 *
 * Both are float32 of one shape.
 */
export interface LerpStep {
  readonly written: {
    readonly target: tf.Variable;
  };
  readonly read: {
    readonly source: tf.Tensor;
  };
  readonly attrs: LerpStepAttrs;
}
