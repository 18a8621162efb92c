import type * as tf from '@tensorflow/tfjs';

/** Attributes of the kernel `AdamStep`. */
export interface AdamStepAttrs {
  /** β₁, the decay of the first moment. */
  readonly beta1: number;
  /** β₂, the decay of the second moment. */
  readonly beta2: number;
  /** ε */
  readonly epsilon: number;
  /** lr / (1 − β₁ᵗ) at update t, counted from 1. */
  readonly stepSize: number;
  /** 1 / √(1 − β₂ᵗ) */
  readonly inverseSqrtBias2: number;
  /** lr · λ, the share of the variable that decoupled weight decay takes; 0 without. */
  readonly shrinkage: number;
}

/**
 * One step of Adam on p, in place.
 *
 * m ← β₁m + (1 − β₁)g,  v ← β₂v + (1 − β₂)g²,
 * p ← p − (stepSize · m / (√(v + 10⁻²⁴) · inverseSqrtBias2 + ε) + shrinkage · p)
 *
 * Kingma and Ba 2014, arXiv 1412.6980; decay as Loshchilov and Hutter 2017, arXiv 1711.05101. All
 * tensors are float32 of one shape.
 */
export interface AdamStep {
  readonly written: {
    /** p */
    readonly variable: tf.Variable;
    readonly m: tf.Variable;
    readonly v: tf.Variable;
  };
  readonly read: {
    /** g */
    readonly gradient: tf.Tensor;
  };
  readonly attrs: AdamStepAttrs;
}
