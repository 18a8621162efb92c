import type * as tf from '@tensorflow/tfjs';
import type { BatchNormTrainingAttrs } from './batch-norm-training';

/**
 * The gradient of y of `BatchNormTraining`, whose statistics it takes; all float32.
 *
 * With x̂ = (x − μ) / √(σ² + ε) and n elements in a channel: dβ = Σ dy,  dγ = Σ dy · x̂,
 * dx = γ / √(σ² + ε) · (dy − (dβ + x̂ · dγ) / n)
 */
export interface BatchNormTrainingGrad {
  readonly inputs: {
    /** `[…, channels]`, as x. */
    readonly dy: tf.Tensor;
    readonly x: tf.Tensor;
    /** γ, `[channels]` */
    readonly gamma: tf.Tensor1D;
    /** μ, `[channels]` */
    readonly mean: tf.Tensor1D;
    /** σ², `[channels]` */
    readonly variance: tf.Tensor1D;
  };
  readonly attrs: BatchNormTrainingAttrs;
  /** dx of the shape of x; dγ and dβ, `[channels]`. */
  readonly outputs: [dx: tf.Tensor, dgamma: tf.Tensor1D, dbeta: tf.Tensor1D];
}
