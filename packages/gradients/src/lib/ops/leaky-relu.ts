import * as tf from '@tensorflow/tfjs';

/**
 * max(x, 0) + α·min(x, 0) (Maas, Hannun and Ng 2013), with a gradient that can be differentiated
 * again: `tf.leakyRelu` throws there.
 */
export function leakyRelu<T extends tf.Tensor>(x: T, alpha = 0.2): T {
  const op = tf.customGrad((input, save) => {
    const v = input as tf.Tensor;
    const value = tf.leakyRelu(v, alpha);
    // The output has the sign of the input, and the next layer saves it as well.
    (save as (tensors: tf.Tensor[]) => void)([alpha >= 0 ? value : v]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, tf.step(saved[0]!, alpha)),
    };
  });
  return op(x) as T;
}
