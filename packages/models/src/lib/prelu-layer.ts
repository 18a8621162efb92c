import * as tf from '@tensorflow/tfjs';
import { withCall } from './layers';

/** Slope below zero at the start, as in He et al. 2015 (arXiv 1502.01852). */
const INITIAL_SLOPE = 0.25;

/**
 * A stock PReLU with one slope per channel, for maps of any size: max(x, 0) + α·min(x, 0), made of
 * ReLUs, whose gradients are fast and can be differentiated again.
 */
export function preluLayer(name: string): tf.layers.Layer {
  const layer = tf.layers.prelu({
    name,
    sharedAxes: [1, 2],
    alphaInitializer: tf.initializers.constant({ value: INITIAL_SLOPE }),
  });
  return withCall(layer, () => (x, _training, weights) => {
    const { alpha } = weights as unknown as { readonly alpha: tf.LayerVariable };
    return tf.sub(tf.relu(x), tf.mul(tf.relu(tf.neg(x)), alpha.read()));
  });
}
