import { type ImageShape, requireCounts } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { type AfterStage, afterStageOf } from './after-stage';
import {
  type Architecture,
  batchNorm,
  type DiscriminatorChanges,
  unnormalized,
} from './architecture';
import { apply, same } from './functional';
import { heInitialize } from './he-initialize';
import { rememberInitializers } from './initializer-memory';
import { conv2dLayer, denseLayer } from './layers';
import { type ResolutionChain, resolutionChain } from './resolution-chain';

/** The discriminator halves its maps until they are at most this large: 8×8 for 32×32. */
const SMALLEST_JUDGED = 8;
const PLAIN_BLOCKS = 2;

/** Settings of {@link resnet}. */
export interface ResnetOptions {
  readonly image: ImageShape;
  /** Length of the latent vector; default 128. */
  readonly latentSize?: number;
  /** Channels of the generator's maps; default 256. */
  readonly filters?: number;
  /** Channels of the discriminator's maps; default half the generator's, rounded up. */
  readonly discriminatorFilters?: number;
  /** Layers of your own behind the generator's first map and each block of either; default none. */
  readonly afterStage?: AfterStage;
}

/**
 * The residual networks of SNGAN, for pictures of any size.
 *
 * The generator: a dense layer makes the smallest map, residual blocks double it: batch normalization,
 * ReLU, nearest neighbor ×2, 3×3 convolution, batch normalization, ReLU, 3×3 convolution, to which a 1×1
 * convolution of the block's input, doubled, is added. Then batch normalization, ReLU, a 3×3
 * convolution and tanh. 32×32 pictures have three blocks, from 4×4; other sizes as many as it takes to
 * halve them, rounding up, to at most 7×7: 28×28 has two, 64×64 four. Where rounding up added a row or
 * column, the last one is cropped.
 *
 * The discriminator: residual blocks of ReLU, 3×3 convolution, ReLU, 3×3 convolution: some that halve
 * their map by average pooling, with a 1×1 convolution of the input, halved too, as the skip connection;
 * two that keep it and add the input itself. The first has no ReLU at its beginning. Then ReLU; features
 * are the sum over all positions. 32×32 pictures are halved twice, to 8×8; others, rounding up, to at
 * most 8×8, and at least once: 28×28 twice, 64×64 three times. The paper's spectral normalization is
 * `constrain: spectrallyNormalized`; without it the layers are stock ones. There is no other
 * normalization by default; `normalize` comes before each ReLU but the first block's.
 *
 * Miyato et al. 2018, arXiv 1802.05957, table 4. No bias where a later shift does the same.
 * Kernels begin as in He et al. 2015 (arXiv 1502.01852) in the residual branches, with half the
 * variance elsewhere.
 *
 * Gradients are right on every backend, and to second order, after `installGradients()`, which the
 * trainer calls.
 *
 * `afterStage` puts layers of your own between blocks, such as the attention of SAGAN (Zhang et al. 2018,
 * arXiv 1805.08318).
 *
 * @throws UsageError for sizes below 8×4, or counts that are no positive integers; when a network is made, if
 *   `afterStage` changes the shape of a map.
 */
export function resnet(options: ResnetOptions): Architecture {
  const { image, latentSize = 128, filters = 256, afterStage } = options;
  const { discriminatorFilters = Math.ceil(filters / 2) } = options;
  const chain = resolutionChain('resnet', image);
  requireCounts('resnet', { latentSize, filters, discriminatorFilters });
  rememberInitializers();
  return {
    name: 'resnet',
    shape: [image.height, image.width, image.channels],
    latentSize,
    generator: (latent, normalize) =>
      generatorBody(latent, chain, image.channels, filters, normalize, afterStage),
    discriminator: (picture, changes) =>
      discriminatorBody(picture, chain, discriminatorFilters, changes, afterStage),
    initialize: (model, random) => heInitialize(model, random, gainOf),
  };
}

/** He's √2 is for ReLUs, which only the convolutions of residual branches stand between. */
const gainOf = (layer: string) => (/_(in|out)$/.test(layer) ? 1 : Math.SQRT1_2);

function generatorBody(
  latent: tf.SymbolicTensor,
  chain: ResolutionChain,
  channels: number,
  filters: number,
  normalize = batchNorm,
  afterStage?: AfterStage,
): tf.SymbolicTensor {
  const own = afterStageOf('resnet', afterStage, {
    player: 'generator',
    constrain: same,
    anyChannels: false,
  });
  const last = chain.length - 1;
  const [h, w] = chain[last]!;
  // The last normalization takes away what the sums gain.
  const useBias = !normalize.hasShift;
  const conv = (name: string, x: tf.SymbolicTensor, kernelSize = 3) =>
    apply(conv2dLayer({ name, filters, kernelSize, strides: 1, useBias }), x);
  const activate = (name: string, x: tf.SymbolicTensor) => relu(name, normalize(x, `${name}_norm`));

  let x = apply(denseLayer({ name: 'project', units: h * w * filters }), latent);
  x = apply(tf.layers.reshape({ name: 'project_map', targetShape: [h, w, filters] }), x);
  x = own(x, 1);
  for (let level = last - 1; level >= 0; level--) {
    const name = `up${last - level}`;
    const size = chain[level]!;
    const large = doubled(`${name}_in`, activate(`${name}_in`, x), size);
    const inner = conv(`${name}_in`, large);
    const branch = conv(`${name}_out`, activate(`${name}_out`, inner));
    // A 1×1 convolution gives the same before the doubling, for a quarter of the work.
    const narrow = conv(`${name}_shortcut`, x, 1);
    x = own(sum(name, branch, doubled(`${name}_shortcut`, narrow, size)), last - level + 1);
  }
  x = activate('picture', x);
  const picture = conv2dLayer({
    name: 'picture',
    filters: channels,
    kernelSize: 3,
    strides: 1,
    useBias: true,
  });
  const tanh = tf.layers.activation({ name: 'picture_tanh', activation: 'tanh' });
  return apply(tanh, apply(picture, x));
}

function discriminatorBody(
  picture: tf.SymbolicTensor,
  chain: ResolutionChain,
  filters: number,
  { normalize = unnormalized, constrain = same }: DiscriminatorChanges = {},
  afterStage?: AfterStage,
): tf.SymbolicTensor {
  const own = afterStageOf('resnet', afterStage, {
    player: 'discriminator',
    constrain,
    anyChannels: false,
  });
  const isSmall = ([h, w]: readonly [number, number]) => Math.max(h, w) <= SMALLEST_JUDGED;
  const halvings = Math.max(1, chain.findIndex(isSmall));
  const conv = (name: string, x: tf.SymbolicTensor, useBias = true, kernelSize = 3) =>
    apply(constrain(conv2dLayer({ name, filters, kernelSize, strides: 1, useBias })), x);
  const activate = (name: string, x: tf.SymbolicTensor) => relu(name, normalize(x, `${name}_norm`));

  let x = picture;
  for (let block = 1; block <= halvings; block++) {
    const name = `down${block}`;
    const isFirst = block === 1;
    const inner = conv(`${name}_in`, isFirst ? x : activate(`${name}_in`, x));
    const active = (isFirst ? relu : activate)(`${name}_out`, inner);
    const branch = halved(`${name}_out`, conv(`${name}_out`, active));
    // The same as halving after the 1×1 convolution, for a quarter of the work.
    const shortcut = conv(`${name}_shortcut`, halved(`${name}_shortcut`, x), false, 1);
    x = own(sum(name, branch, shortcut), block);
  }
  for (let block = 1; block <= PLAIN_BLOCKS; block++) {
    const name = `plain${block}`;
    const inner = conv(`${name}_in`, activate(`${name}_in`, x));
    x = own(sum(name, x, conv(`${name}_out`, activate(`${name}_out`, inner))), halvings + block);
  }
  const [h, w] = chain[halvings]!;
  const mean = tf.layers.globalAveragePooling2d({ name: 'features_mean' });
  // As stock layers have no sum over positions.
  const scale = tf.layers.rescaling({ name: 'features', scale: h * w });
  return apply(scale, apply(mean, activate('features', x)));
}

function relu(name: string, x: tf.SymbolicTensor): tf.SymbolicTensor {
  return apply(tf.layers.reLU({ name: `${name}_relu` }), x);
}

function sum(name: string, a: tf.SymbolicTensor, b: tf.SymbolicTensor): tf.SymbolicTensor {
  return apply(tf.layers.add({ name: `${name}_sum` }), [a, b]);
}

/** Each half of the one before, rounded up; a window over the edge averages what it has. */
function halved(name: string, x: tf.SymbolicTensor): tf.SymbolicTensor {
  const options = { name: `${name}_half`, poolSize: 2, strides: 2, padding: 'same' } as const;
  return apply(tf.layers.averagePooling2d(options), x);
}

/** Each pixel four times, less the last row or column where the size is odd. */
function doubled(
  name: string,
  x: tf.SymbolicTensor,
  [height, width]: readonly [number, number],
): tf.SymbolicTensor {
  const large = apply(tf.layers.upSampling2d({ name: `${name}_double`, size: [2, 2] }), x);
  const [rows, columns] = large.shape.slice(1, 3) as [number, number];
  if (rows === height && columns === width) return large;
  const cropping: [[number, number], [number, number]] = [
    [0, rows - height],
    [0, columns - width],
  ];
  return apply(tf.layers.cropping2D({ name: `${name}_crop`, cropping }), large);
}
