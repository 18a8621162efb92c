import { requireCounts, requireIntegers } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { heInitialize } from './he-initialize';
import { conv2dLayer } from './layers';
import { pixelShuffleLayer } from './pixel-shuffle';
import type { SuperResolutionNetOptions } from './super-resolution-options';

/**
 * A small super-resolution network for processors without a GPU: pictures `[batch, h, w, channels]`
 * in [−1, 1] to `[batch, scale·h, scale·w, channels]`, for any h and w.
 *
 * The residual blocks of EDSR (Lim et al. 2017, arXiv 1707.02921: 3×3 convolution, ReLU, 3×3
 * convolution, no batch normalization) with the end of ESPCN (Shi et al. 2016, arXiv 1609.05158): one
 * convolution makes all `scale²` pixels of each input pixel, so that every convolution works at low
 * resolution; SRResNet's end alone would cost twice as much as eight of these blocks. What it makes is
 * added to the input enlarged by repeating pixels, so that it begins with a picture.
 *
 * @throws UsageError if the scale is no integer from 2 to 8, or a count is no positive integer.
 */
export function compactSrNet(options: SuperResolutionNetOptions): tf.LayersModel {
  const { scale, channels = 3, blocks = 8, filters = 32, random } = options;
  requireCounts('compactSrNet', { channels, blocks, filters });
  requireIntegers('compactSrNet', { scale }, { min: 2, max: 8 });
  const conv = (name: string, width: number, x: tf.SymbolicTensor, activation?: 'relu') =>
    conv2dLayer({
      name,
      filters: width,
      kernelSize: 3,
      strides: 1,
      useBias: true,
      ...(activation && { activation }),
    }).apply(x) as tf.SymbolicTensor;
  const add = (name: string, a: tf.SymbolicTensor, b: tf.SymbolicTensor) =>
    tf.layers.add({ name }).apply([a, b]) as tf.SymbolicTensor;

  const low = tf.input({ shape: [null, null, channels], name: 'low' });
  const head = conv('head', filters, low);
  let x = head;
  for (let block = 1; block <= blocks; block++) {
    const inner = conv(`block${block}_in`, filters, x, 'relu');
    x = add(`block${block}_sum`, x, conv(`block${block}_out`, filters, inner));
  }
  x = add('body_sum', head, conv('body_out', filters, x));
  const detail = conv('detail', scale ** 2 * channels, x);
  // In the order of the pixel shuffle, copies of the channels are copies of the pixel.
  const copies = Array<tf.SymbolicTensor>(scale ** 2).fill(low);
  const repeated = tf.layers.concatenate({ name: 'repeated' }).apply(copies) as tf.SymbolicTensor;
  const pixels = add('pixels', repeated, detail);
  const high = pixelShuffleLayer({ name: 'high', scale, channels }).apply(pixels);

  const model = tf.model({
    name: 'compact_sr_net',
    inputs: low,
    outputs: high as tf.SymbolicTensor,
  });
  return heInitialize(model, random, (layer) => (/_out$|detail/.test(layer) ? 0.1 : 1));
}
