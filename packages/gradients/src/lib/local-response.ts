import * as tf from '@tensorflow/tfjs';

export interface LocalResponseAttrs {
  readonly depthRadius: number;
  readonly bias: number;
  readonly alpha: number;
  readonly beta: number;
}

/**
 * x·(bias + α·s)^−β with s the sum of squares of a channel and its neighbors, as
 * `tf.localResponseNormalization` computes it, in operations that have gradients.
 */
export function localResponseNormalization(
  x: tf.Tensor,
  { depthRadius, bias, alpha, beta }: LocalResponseAttrs,
): tf.Tensor {
  const channels = x.shape.at(-1)!;
  const radius = Math.min(depthRadius, channels - 1);
  const near = tf.linalg.bandPart(tf.ones([channels, channels]), radius, radius);
  const squares = tf.reshape(tf.square(x), [-1, channels]) as tf.Tensor2D;
  const sums = tf.reshape(tf.matMul(squares, near as tf.Tensor2D), x.shape);
  return tf.mul(x, tf.pow(tf.add(bias, tf.mul(alpha, sums)), -beta));
}
