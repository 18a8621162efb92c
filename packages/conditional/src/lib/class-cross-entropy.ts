import * as tf from '@tensorflow/tfjs';

/**
 * The mean cross-entropy of class logits `[batch, classes]` with labels int32 `[batch]`, nats:
 *
 * −E log softmax(logits)_label
 *
 * by way of log Σ exp(logits − max), so that no logit overflows and no logarithm meets zero.
 */
export function classCrossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  return tf.tidy(() => {
    const targets = tf.cast(tf.oneHot(labels, logits.shape[1]), 'float32');
    const logLikelihood = tf.sum(tf.mul(tf.logSoftmax(logits), targets), 1);
    return tf.neg(tf.mean(logLikelihood)) as tf.Scalar;
  });
}
