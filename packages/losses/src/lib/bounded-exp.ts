import * as tf from '@tensorflow/tfjs';

/** Where the exponential gives way to its tangent: e²⁰ ≈ 5·10⁸. */
const LARGEST_EXPONENT = 20;

/**
 * eˣ up to x = 20, and from there on its tangent e²⁰ (1 + x − 20), so that values and gradients stay
 * finite in float32, and their squares in an optimizer too.
 */
export function boundedExp(x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const above = tf.relu(tf.sub(x, LARGEST_EXPONENT));
    return tf.add(tf.exp(tf.sub(x, above)), tf.mul(above, Math.exp(LARGEST_EXPONENT)));
  });
}
