import { type ImageShape, type RandomStream, requireCounts, UsageError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { heInitialize } from './he-initialize';
import { batchNormLayer, conv2dLayer, denseLayer, leakyReluLayer } from './layers';
import { apply } from './functional';

const LEAK = 0.2;
/** Width, relative to the first, and stride of each convolution. */
const CONVOLUTIONS = [
  [1, 1],
  [1, 2],
  [2, 1],
  [2, 2],
  [4, 1],
  [4, 2],
  [8, 1],
  [8, 2],
] as const;

/** Settings of {@link srganDiscriminator}. */
export interface SrganDiscriminatorOptions {
  /** Of the high-resolution patches. */
  readonly image: ImageShape;
  /** Channels of the first convolution; default 64. */
  readonly filters?: number;
  /** Units of the dense layer; default 16 times the filters, which makes the paper's 1024. */
  readonly dense?: number;
  /** Batch normalization, as in the paper; default true. Gradient penalties want none. */
  readonly normalize?: boolean;
  readonly random: RandomStream;
}

/**
 * SRGAN's discriminator: pictures `[batch, height, width, channels]` to logits `[batch, 1]`.
 *
 * Eight 3×3 convolutions of 1, 1, 2, 2, 4, 4, 8 and 8 times `filters` channels, every second one of
 * stride 2, batch normalization after all but the first, leaky ReLU (0.2) after each; a dense layer
 * with leaky ReLU; one unit.
 *
 * Ledig et al. 2017, arXiv 1609.04802, figure 4.
 *
 * @throws UsageError for sides below 16, or counts that are no positive integers.
 */
export function srganDiscriminator(options: SrganDiscriminatorOptions): tf.LayersModel {
  const { image, filters = 64, normalize = true, random } = options;
  const { dense = 16 * filters } = options;
  const { height, width, channels } = image;
  requireCounts('srganDiscriminator', { height, width, channels, filters, dense });
  if (Math.min(height, width) < 16) {
    throw new UsageError(
      `srganDiscriminator: pictures must be at least 16×16, got ${height}×${width}; use larger patches`,
    );
  }
  const leaky = (name: string, x: tf.SymbolicTensor) =>
    apply(leakyReluLayer(`${name}_leaky_relu`, LEAK), x);

  const input = tf.input({ shape: [height, width, channels], name: 'image' });
  let x = input;
  CONVOLUTIONS.forEach(([times, strides], i) => {
    const name = `conv${i + 1}`;
    const isNormalized = normalize && i > 0;
    x = apply(
      conv2dLayer({
        name,
        filters: times * filters,
        kernelSize: 3,
        strides,
        useBias: !isNormalized,
      }),
      x,
    );
    if (isNormalized) x = apply(batchNormLayer(`${name}_norm`), x);
    x = leaky(name, x);
  });
  x = apply(tf.layers.flatten({ name: 'flat' }), x);
  x = leaky('dense', apply(denseLayer({ name: 'dense', units: dense }), x));
  x = apply(denseLayer({ name: 'logit', units: 1 }), x);
  return heInitialize(tf.model({ name: 'srgan_discriminator', inputs: input, outputs: x }), random);
}
