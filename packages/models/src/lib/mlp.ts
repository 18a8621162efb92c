import { type ImageShape, type RandomStream, UsageError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import {
  type Architecture,
  batchNorm,
  type DiscriminatorChanges,
  type Normalize,
  unnormalized,
} from './architecture';
import { apply, same } from './functional';
import { type HiddenUnits, leakyReluUnits, reluUnits } from './hidden-units';
import { initialize } from './initialize';
import { denseLayer } from './layers';

/** The hidden layers of one network. */
export interface MlpLayers {
  /** Units of each hidden layer, from the input on. */
  readonly widths: readonly number[];
  /** Default: ReLU in the generator, leaky ReLU in the discriminator. */
  readonly units?: HiddenUnits;
  /** Batch normalization before each activation. Default: none. */
  readonly batchNorm?: boolean;
}

/** The layers of a generator. */
export interface MlpGeneratorLayers extends MlpLayers {
  /**
   * What the last layer ends in: 'tanh' for pictures in [−1, 1], 'linear' for points that are not.
   * Default 'tanh'.
   */
  readonly output?: 'tanh' | 'linear';
}

export interface MlpOptions {
  readonly image: ImageShape;
  /** Length of the latent vector; default 100. */
  readonly latentSize?: number;
  readonly generator: MlpGeneratorLayers;
  readonly discriminator: MlpLayers;
}

export interface MlpGeneratorOptions extends MlpGeneratorLayers {
  readonly image: ImageShape;
  /** Length of the latent vector; default 100. */
  readonly latentSize?: number;
  readonly random: RandomStream;
}

export interface MlpDiscriminatorOptions extends MlpLayers {
  readonly image: ImageShape;
  readonly random: RandomStream;
}

/**
 * The bodies of {@link mlpGenerator} and {@link mlpDiscriminator}, to be given other inputs and
 * outputs.
 *
 * @throws UsageError for widths, a latent size or an image shape that are no positive integers.
 */
export function mlp({ image, latentSize = 100, ...layers }: MlpOptions): Architecture {
  requireCounts('mlp', image, [latentSize, ...layers.generator.widths]);
  requireCounts('mlp', image, layers.discriminator.widths);
  return {
    name: 'mlp',
    image,
    latentSize,
    generator: (latent, normalize) => generatorBody(latent, image, layers.generator, normalize),
    discriminator: (picture, changes) => discriminatorBody(picture, layers.discriminator, changes),
  };
}

/**
 * A generator of dense layers: latents `[batch, latentSize]` to pictures
 * `[batch, height, width, channels]`.
 *
 * The networks of Goodfellow et al. 2014 (arXiv 1406.2661) and, for points as pictures of 1×1×2, of
 * Lin et al. 2018 (PacGAN, arXiv 1712.04086). Kernels begin as N(0, 0.02), as in the latter.
 *
 * @throws UsageError for widths, a latent size or an image shape that are no positive integers.
 */
export function mlpGenerator(options: MlpGeneratorOptions): tf.LayersModel {
  const { image, latentSize = 100, random } = options;
  requireCounts('mlpGenerator', image, [latentSize, ...options.widths]);
  const input = tf.input({ shape: [latentSize], name: 'latent' });
  const picture = generatorBody(input, image, options);
  return initialize(tf.model({ name: 'mlp_generator', inputs: input, outputs: picture }), random);
}

/**
 * A discriminator of dense layers: pictures `[batch, height, width, channels]` to logits
 * `[batch, 1]`. Papers and initial weights as for {@link mlpGenerator}.
 *
 * @throws UsageError for widths or an image shape that are no positive integers.
 */
export function mlpDiscriminator(options: MlpDiscriminatorOptions): tf.LayersModel {
  const { image, random } = options;
  requireCounts('mlpDiscriminator', image, options.widths);
  const input = tf.input({ shape: [image.height, image.width, image.channels], name: 'image' });
  const features = discriminatorBody(input, options);
  const logit = apply(denseLayer({ name: 'logit', units: 1 }), features);
  return initialize(tf.model({ name: 'mlp_discriminator', inputs: input, outputs: logit }), random);
}

function generatorBody(
  latent: tf.SymbolicTensor,
  { height, width, channels }: ImageShape,
  layers: MlpGeneratorLayers,
  normalize = layers.batchNorm ? batchNorm : unnormalized,
): tf.SymbolicTensor {
  const { units = reluUnits(), output = 'tanh' } = layers;
  const hidden = hiddenLayers(latent, layers.widths, units, normalize);
  const flat = denseLayer({
    name: 'picture',
    units: height * width * channels,
    activation: output,
  });
  const targetShape = [height, width, channels];
  return apply(tf.layers.reshape({ name: 'picture_map', targetShape }), apply(flat, hidden));
}

function discriminatorBody(
  picture: tf.SymbolicTensor,
  { widths, units = leakyReluUnits(), batchNorm: isNormalized }: MlpLayers,
  { normalize = isNormalized ? batchNorm : unnormalized, constrain }: DiscriminatorChanges = {},
): tf.SymbolicTensor {
  const flat = apply(tf.layers.flatten({ name: 'flat' }), picture);
  return hiddenLayers(flat, widths, units, normalize, constrain);
}

function hiddenLayers(
  input: tf.SymbolicTensor,
  widths: readonly number[],
  units: HiddenUnits,
  normalize: Normalize,
  constrain: NonNullable<DiscriminatorChanges['constrain']> = same,
): tf.SymbolicTensor {
  return widths.reduce((x, width, i) => {
    const name = `hidden${i + 1}`;
    const useBias = !normalize.hasShift;
    const dense = denseLayer({ name, units: width * units.pieces, useBias });
    return units.activate(normalize(apply(constrain(dense), x), `${name}_norm`), name);
  }, input);
}

function requireCounts(where: string, image: ImageShape, counts: readonly number[]): void {
  const { height, width, channels } = image;
  const all = [height, width, channels, ...counts];
  if (all.every((n) => Number.isSafeInteger(n) && n > 0)) return;
  throw new UsageError(
    `${where}: height, width, channels, sizes and widths must be positive integers, got ${all.join(', ')}`,
  );
}
