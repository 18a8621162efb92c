import { type ImageShape, requireCounts } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { type AfterStage, afterStageOf } from './after-stage';
import { type Architecture, batchNorm, type DiscriminatorChanges } from './architecture';
import { apply, same } from './functional';
import { initialize } from './initialize';
import { rememberInitializers } from './initializer-memory';
import { conv2dLayer, denseLayer, leakyReluLayer } from './layers';
import { type ResolutionChain, resolutionChain } from './resolution-chain';

const KERNEL_SIZE = 4;
const LEAK = 0.2;
/** Widths double at most three times, as in Radford's largest networks: f, 2f, 4f, 8f, 8f, … */
const MAX_DOUBLINGS = 3;

/** Settings of {@link dcgan}. */
export interface DcganOptions {
  readonly image: ImageShape;
  /** Length of the latent vector; default 100. */
  readonly latentSize?: number;
  /** Channels at the largest feature map; default 64. */
  readonly filters?: number;
  /** The larger side of the smallest feature map is at most this, pixels; default 7. */
  readonly smallest?: number;
  /** Layers of your own behind the activation of each map but the picture; default none. */
  readonly afterStage?: AfterStage;
}

/**
 * DCGAN's networks for pictures of any size.
 *
 * The generator: a dense layer makes the smallest map; transposed 4×4 convolutions of stride 2 double it,
 * batch normalization and ReLU after each but the last, which ends in tanh. Sizes that are no power of two
 * times the smallest lose their last row or column where the discriminator's rounding up added one.
 *
 * The discriminator: 4×4 convolutions of stride 2 down to a map of at most `smallest`², leaky ReLU (0.2)
 * after each, batch normalization after all but the first; its features are the last map.
 *
 * `afterStage` puts attention, noise or other layers where you want them:
 * `(x, { player, height }) => height === 14 ? selfAttentionLayer({ name: `${player}_attention` }).apply(x) : x`.
 *
 * Radford, Metz and Chintala 2015, arXiv 1511.06434 (4×4 instead of 5×5 kernels, which stride 2
 * covers evenly), whose first weights are those of {@link initialize}.
 *
 * @throws UsageError for sizes below 8×4, a `smallest` that is not below the larger side, or counts that
 *   are no positive integers; when a network is made, if `afterStage` changes the size of a map.
 */
export function dcgan(options: DcganOptions): Architecture {
  const { image, latentSize = 100, filters = 64, smallest, afterStage } = options;
  const chain = resolutionChain('dcgan', image, smallest);
  requireCounts('dcgan', { latentSize, filters });
  rememberInitializers();
  return {
    name: 'dcgan',
    shape: [image.height, image.width, image.channels],
    latentSize,
    generator: (latent, normalize) =>
      generatorBody(latent, chain, image.channels, filters, normalize, afterStage),
    discriminator: (picture, changes) =>
      discriminatorBody(picture, chain, filters, changes, afterStage),
    initialize,
  };
}

function generatorBody(
  latent: tf.SymbolicTensor,
  chain: ResolutionChain,
  channels: number,
  filters: number,
  normalize = batchNorm,
  afterStage?: AfterStage,
): tf.SymbolicTensor {
  const own = afterStageOf('dcgan', afterStage, {
    player: 'generator',
    constrain: same,
    anyChannels: true,
  });
  const last = chain.length - 1;
  const [h, w] = chain[last]!;
  const depth = widthOf(filters, last - 1);
  const useBias = !normalize.hasShift;
  const project = denseLayer({ name: 'project', units: h * w * depth, useBias });
  let x = normalize(apply(project, latent), 'project_norm');
  x = apply(tf.layers.reLU({ name: 'project_relu' }), x);
  x = apply(tf.layers.reshape({ name: 'project_map', targetShape: [h, w, depth] }), x);
  x = own(x, 1);
  for (let level = last - 1; level >= 0; level--) {
    const isPicture = level === 0;
    const name = isPicture ? 'picture' : `up${last - level}`;
    const up = tf.layers.conv2dTranspose({
      name,
      filters: isPicture ? channels : widthOf(filters, level - 1),
      kernelSize: KERNEL_SIZE,
      strides: 2,
      padding: 'same',
      useBias: isPicture || useBias,
      ...(isPicture && { activation: 'tanh' }),
    });
    x = apply(up, x);
    const [height, width] = chain[level]!;
    const below = chain[level + 1]!;
    const surplus = [2 * below[0] - height, 2 * below[1] - width] as const;
    if (surplus[0] + surplus[1] > 0) {
      const cropping: [[number, number], [number, number]] = [
        [0, surplus[0]],
        [0, surplus[1]],
      ];
      x = apply(tf.layers.cropping2D({ name: `${name}_crop`, cropping }), x);
    }
    if (isPicture) continue;
    x = normalize(x, `${name}_norm`);
    x = apply(tf.layers.reLU({ name: `${name}_relu` }), x);
    x = own(x, last - level + 1);
  }
  return x;
}

function discriminatorBody(
  picture: tf.SymbolicTensor,
  chain: ResolutionChain,
  filters: number,
  { normalize = batchNorm, constrain = same }: DiscriminatorChanges = {},
  afterStage?: AfterStage,
): tf.SymbolicTensor {
  const own = afterStageOf('dcgan', afterStage, {
    player: 'discriminator',
    constrain,
    anyChannels: true,
  });
  let x = picture;
  for (let level = 0; level < chain.length - 1; level++) {
    const isFirst = level === 0;
    const name = `down${level + 1}`;
    const width = widthOf(filters, level);
    const convolution = conv2dLayer({
      name,
      filters: width,
      kernelSize: KERNEL_SIZE,
      strides: 2,
      useBias: isFirst || !normalize.hasShift,
    });
    x = apply(constrain(convolution), x);
    if (!isFirst) x = normalize(x, `${name}_norm`);
    x = apply(leakyReluLayer(`${name}_leaky_relu`, LEAK), x);
    x = own(x, level + 1);
  }
  return apply(tf.layers.flatten({ name: 'flat' }), x);
}

function widthOf(filters: number, level: number): number {
  return filters * 2 ** Math.min(level, MAX_DOUBLINGS);
}
