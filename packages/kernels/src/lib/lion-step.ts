import type * as tf from '@tensorflow/tfjs';

/** Attributes of the kernel `LionStep`. */
export interface LionStepAttrs {
  /** lr */
  readonly learningRate: number;
  /** β₁, the share of the past in the direction. */
  readonly beta1: number;
  /** β₂, the share of the past that is remembered. */
  readonly beta2: number;
  /** lr · λ, the share of the variable that weight decay takes; 0 without. */
  readonly shrinkage: number;
}

/**
 * One step of Lion on p, in place.
 *
 * p ← p − (lr · sign(β₁m + (1 − β₁)g) + shrinkage · p),  m ← β₂m + (1 − β₂)g
 *
 * Chen et al. 2023, arXiv 2302.06675, algorithm 2. The sign of NaN is NaN, unlike that of the
 * stock `tf.sign`. All tensors are float32 of one shape.
 */
export interface LionStep {
  readonly written: {
    /** p */
    readonly variable: tf.Variable;
    /** m */
    readonly momentum: tf.Variable;
  };
  readonly read: {
    /** g */
    readonly gradient: tf.Tensor;
  };
  readonly attrs: LionStepAttrs;
}
