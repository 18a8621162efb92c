import type * as tf from '@tensorflow/tfjs';

/** Attributes of the kernel `SgdStep`. */
export interface SgdStepAttrs {
  /** lr */
  readonly learningRate: number;
  /** μ */
  readonly momentum: number;
  /** Whether it looks one step ahead along the momentum. */
  readonly nesterov: boolean;
}

/**
 * One step of gradient descent on p, in place.
 *
 * p ← p − lr · g;  with a momentum: b ← μb + g,  p ← p − lr · b, or Nesterov's p ← p − lr · (g + μb)
 *
 * Polyak 1964; Nesterov 1983. All tensors are float32 of one shape.
 */
export interface SgdStep {
  readonly written: {
    /** p */
    readonly variable: tf.Variable;
    /** b; left out of plain gradient descent, which looks at neither `momentum` nor `nesterov`. */
    readonly momentum?: tf.Variable;
  };
  readonly read: {
    /** g */
    readonly gradient: tf.Tensor;
  };
  readonly attrs: SgdStepAttrs;
}
