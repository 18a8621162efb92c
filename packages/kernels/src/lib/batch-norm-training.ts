import type * as tf from '@tensorflow/tfjs';

/** Attributes of the kernel `BatchNormTraining`. */
export interface BatchNormTrainingAttrs {
  /** ε */
  readonly epsilon: number;
}

/**
 * Batch normalization by the batch's own statistics over all dimensions but the last, all float32.
 *
 * μ = mean(x),  σ² = mean((x − μ)²),  y = γ · (x − μ) / √(σ² + ε) + β
 *
 * Ioffe and Szegedy 2015, arXiv 1502.03167.
 */
export interface BatchNormTraining {
  readonly inputs: {
    /** `[…, channels]` */
    readonly x: tf.Tensor;
    /** γ, `[channels]` */
    readonly gamma: tf.Tensor1D;
    /** β, `[channels]` */
    readonly beta: tf.Tensor1D;
  };
  readonly attrs: BatchNormTrainingAttrs;
  /** y of the shape of x; μ and σ², `[channels]`. */
  readonly outputs: [y: tf.Tensor, mean: tf.Tensor1D, variance: tf.Tensor1D];
}
