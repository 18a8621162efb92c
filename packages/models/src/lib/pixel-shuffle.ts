import * as tf from '@tensorflow/tfjs';
import { withCall } from './layers';

/** Settings of {@link pixelShuffleLayer}. */
export interface PixelShuffleLayerOptions {
  readonly name: string;
  readonly scale: number;
  /** Channels of the result. */
  readonly channels: number;
}

/**
 * Pixel shuffle: `[batch, h, w, scale²·channels]` to `[batch, scale·h, scale·w, channels]`, in the
 * order of `tf.depthToSpace`, which has no gradient.
 *
 * y[b, s·i + p, s·j + q, c] = x[b, i, j, (p·s + q)·channels + c]
 *
 * Shi et al. 2016, arXiv 1609.05158.
 */
export function pixelShuffle(x: tf.Tensor4D, scale: number): tf.Tensor4D {
  const [batch, height, width, depth] = x.shape;
  const channels = depth / scale ** 2;
  return tf.tidy(() => {
    const blocks = tf.reshape(x, [batch, height, width, scale, scale, channels]);
    const rows = tf.transpose(blocks, [0, 1, 3, 2, 4, 5]);
    return tf.reshape(rows, [batch, height * scale, width * scale, channels]);
  });
}

/**
 * {@link pixelShuffle} as a stock layer, for maps of any size: a frozen transposed convolution whose
 * kernel sends each channel to its pixel. Ours moves the values; plain TensorFlow.js, which loads the
 * saved layer as what it is, multiplies by the ones and zeros and gets the same.
 */
export function pixelShuffleLayer(options: PixelShuffleLayerOptions): tf.layers.Layer {
  const { name, scale, channels } = options;
  const stock = tf.layers.conv2dTranspose({
    name,
    filters: channels,
    kernelSize: scale,
    strides: scale,
    useBias: false,
    trainable: false,
  });
  const layer = withCall(stock, () => (x) => pixelShuffle(x as tf.Tensor4D, scale));
  const build = layer.build.bind(layer);
  layer.build = (shape) => {
    build(shape);
    tf.tidy(() => layer.setWeights([oneHotKernel(scale, channels)]));
  };
  return layer;
}

/** `[p, q, c, (p·s + q)·channels + c]` = 1 */
function oneHotKernel(scale: number, channels: number): tf.Tensor {
  const depth = scale ** 2 * channels;
  return tf.reshape(tf.eye(depth), [scale, scale, channels, depth]);
}
