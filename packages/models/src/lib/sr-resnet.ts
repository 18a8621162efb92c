import { requireCounts, UsageError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { heInitialize } from './he-initialize';
import { batchNormLayer, conv2dLayer } from './layers';
import { pixelShuffleLayer } from './pixel-shuffle';
import { preluLayer } from './prelu-layer';
import { apply } from './functional';
import type { SuperResolutionNetOptions } from './super-resolution-options';

/**
 * SRResNet, SRGAN's generator: pictures `[batch, h, w, channels]` in [−1, 1] to
 * `[batch, scale·h, scale·w, channels]`, for any h and w.
 *
 * A 9×9 convolution, `blocks` (16) residual blocks of two 3×3 convolutions with batch normalization
 * and PReLU, one more with a skip from the first; for each doubling a 3×3 convolution and a pixel
 * shuffle; a 9×9 convolution to the picture. `filters` (64) channels throughout.
 *
 * Ledig et al. 2017, arXiv 1609.04802, figure 4. At ×4 it multiplies 2.2 million times per input
 * pixel: train it on a GPU, and {@link compactSrNet} without one.
 *
 * @throws UsageError if the scale is not 2, 4 or 8, or a count is no positive integer.
 */
export function srResNet(options: SuperResolutionNetOptions): tf.LayersModel {
  const { scale, channels = 3, blocks = 16, filters = 64, random } = options;
  requireCounts('srResNet', { channels, blocks, filters });
  if (![2, 4, 8].includes(scale)) {
    throw new UsageError(`srResNet: scale must be 2, 4 or 8, got ${scale}`);
  }
  type Symbolic = tf.SymbolicTensor;
  const conv = (name: string, width: number, kernelSize: number, x: Symbolic, useBias = true) =>
    apply(conv2dLayer({ name, filters: width, kernelSize, strides: 1, useBias }), x);
  // Batch normalization has a bias of its own.
  const normed = (name: string, x: Symbolic) =>
    apply(batchNormLayer(`${name}_norm`), conv(name, filters, 3, x, false));
  const add = (name: string, a: Symbolic, b: Symbolic) =>
    apply(tf.layers.add({ name: `${name}_sum` }), [a, b]);

  const low = tf.input({ shape: [null, null, channels], name: 'low' });
  const head = apply(preluLayer('head_prelu'), conv('head', filters, 9, low));
  let x = head;
  for (let block = 1; block <= blocks; block++) {
    const name = `block${block}`;
    const inner = apply(preluLayer(`${name}_prelu`), normed(`${name}_in`, x));
    x = add(name, x, normed(`${name}_out`, inner));
  }
  x = add('body', head, normed('body', x));
  for (let level = 1; level <= Math.log2(scale); level++) {
    const name = `up${level}`;
    x = conv(name, 4 * filters, 3, x);
    x = apply(pixelShuffleLayer({ name: `${name}_shuffle`, scale: 2, channels: filters }), x);
    x = apply(preluLayer(`${name}_prelu`), x);
  }
  const high = conv('high', channels, 9, x);
  return heInitialize(tf.model({ name: 'sr_resnet', inputs: low, outputs: high }), random);
}
