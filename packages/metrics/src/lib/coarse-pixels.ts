import * as tf from '@tensorflow/tfjs';

/** Pixels are averaged until a side has no more values than this. */
const SIDE = 8;

/**
 * The pixels of pictures `[n, height, width, channels]`, averaged over windows until a side has at most
 * 8 values, as vectors `[n, values]`: cheap features that tell what samples are like at large, and
 * nothing of sharpness.
 */
export function coarsePixels(pictures: tf.Tensor4D): tf.Tensor2D {
  const [count, height, width] = pictures.shape;
  const window: [number, number] = [Math.ceil(height / SIDE), Math.ceil(width / SIDE)];
  return tf.avgPool(pictures, window, window, 'same').reshape([count, -1]);
}
