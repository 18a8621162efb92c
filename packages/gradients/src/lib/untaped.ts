import * as tf from '@tensorflow/tfjs';

/**
 * What `compute` makes, as a constant: no tape knows what it was made of. Indices are such, as nothing
 * can be differentiated with respect to an integer.
 */
export function untaped(compute: () => tf.Tensor): tf.Tensor {
  // What runs within a custom gradient is not recorded, and one without inputs leads nowhere. Cloned,
  // as a tensor from outside would be made by two operations then.
  return tf.customGrad(() => ({ value: tf.clone(compute()), gradFunc: () => [] }))();
}
