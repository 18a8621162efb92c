import * as tf from '@tensorflow/tfjs';

/**
 * Whether a kernel may write into the tensor's memory: nobody else reads it.
 *
 * tfjs tensors are values, so `clone`, `reshape` and `variable.assign` share memory and count
 * references to it.
 */
export function ownsStorage(tensor: tf.Tensor): boolean {
  return tf.backend().refCount(tensor.dataId) === 1;
}

/** A variable of the same value in memory of its own; outlives a `tidy`. Not trainable. */
export function copy(tensor: tf.Tensor): tf.Variable {
  // Multiplying by one is the cheapest copy that keeps all bits, negative zero among them.
  return tf.tidy(() => tf.variable(tf.mul(tensor, 1), false));
}

/** Gives a variable memory of its own if it shares some, so that a kernel may write into it. */
export function ensureOwnStorage(variable: tf.Variable): void {
  if (ownsStorage(variable)) return;
  // As in `copy`.
  tf.tidy(() => variable.assign(tf.mul(variable, 1)));
}
