import type * as tf from '@tensorflow/tfjs';

/**
 * The product of a dense layer in one call: y = x · kernel + bias, all float32.
 */
export interface Dense {
  readonly inputs: {
    /** `[batch, inputs]` */
    readonly x: tf.Tensor2D;
    /** `[inputs, units]` */
    readonly kernel: tf.Tensor2D;
    /** `[units]` */
    readonly bias?: tf.Tensor1D;
  };
  readonly attrs: Readonly<Record<string, never>>;
  /** y, `[batch, units]` */
  readonly outputs: tf.Tensor2D;
}
