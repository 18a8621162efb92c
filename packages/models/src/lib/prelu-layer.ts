import * as tf from '@tensorflow/tfjs';

/** Slope below zero at the start, as in He et al. 2015 (arXiv 1502.01852). */
const INITIAL_SLOPE = 0.25;

/** A stock PReLU with one slope per channel, for maps of any size: max(x, 0) + α·min(x, 0). */
export function preluLayer(name: string): tf.layers.Layer {
  return tf.layers.prelu({
    name,
    sharedAxes: [1, 2],
    alphaInitializer: tf.initializers.constant({ value: INITIAL_SLOPE }),
  });
}
