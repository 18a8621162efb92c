import type * as tf from '@tensorflow/tfjs';

/** Attributes of the kernel `RmsPropStep`. */
export interface RmsPropStepAttrs {
  /** lr */
  readonly learningRate: number;
  /** α, the share of the mean square that is kept. */
  readonly decay: number;
  /** ε */
  readonly epsilon: number;
}

/**
 * One step of RMSProp on p, in place.
 *
 * v ← αv + (1 − α)g²,  p ← p − lr · g / (√(v + 10⁻²⁴) + ε)
 *
 * Tieleman and Hinton 2012, lecture 6.5 of "Neural networks for machine learning". All tensors are
 * float32 of one shape.
 */
export interface RmsPropStep {
  readonly written: {
    /** p */
    readonly variable: tf.Variable;
    /** v */
    readonly meanSquare: tf.Variable;
  };
  readonly read: {
    /** g */
    readonly gradient: tf.Tensor;
  };
  readonly attrs: RmsPropStepAttrs;
}
