import * as tf from '@tensorflow/tfjs';

/** A variable of the same value and type in memory of its own; outlives a `tidy`. Not trainable. */
export function copy(tensor: tf.Tensor): tf.Variable {
  // Multiplying by one is the cheapest copy that keeps all bits, negative zero among them.
  return tf.tidy(() => tf.variable(tf.mul(tensor, tf.scalar(1, tensor.dtype)), false));
}
