import type * as tf from '@tensorflow/tfjs';

/** Attributes of the kernel `ExtremumGrad`. */
export interface ExtremumGradAttrs {
  /** The dimensions that were reduced, each from 0 to the rank of x less 1. */
  readonly axes: readonly number[];
}

/**
 * The gradient of y, the greatest or the least elements of x over some axes; all float32.
 *
 * dx = dy / k where x = y, and 0 elsewhere, with the k elements over the axes that equal y. Not
 * finite where y is not a number.
 */
export interface ExtremumGrad {
  readonly inputs: {
    readonly x: tf.Tensor;
    /** As many elements as x has without the axes, in their order. */
    readonly y: tf.Tensor;
    /** As many as y. */
    readonly dy: tf.Tensor;
  };
  readonly attrs: ExtremumGradAttrs;
  /** dx, of the shape of x. */
  readonly outputs: tf.Tensor;
}
