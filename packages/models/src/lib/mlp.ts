import { requireCounts, UsageError } from '@ganloom/core';
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
import { rememberInitializers } from './initializer-memory';
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

/** Settings of {@link mlp}. */
export interface MlpOptions {
  /** Of one sample: `[height, width, channels]` of a picture, `[coordinates]` of a point, or any other. */
  readonly shape: readonly number[];
  /** Length of the latent vector; default 100. */
  readonly latentSize?: number;
  readonly generator: MlpGeneratorLayers;
  readonly discriminator: MlpLayers;
}

/**
 * Networks of dense layers, for samples of any shape.
 *
 * Those of Goodfellow et al. 2014 (arXiv 1406.2661) and, for points, of Lin et al. 2018 (PacGAN, arXiv
 * 1712.04086). Kernels begin as N(0, 0.02), as in the latter: {@link initialize}.
 *
 * @throws UsageError for widths, a latent size or a shape that are no positive integers.
 */
export function mlp({
  shape,
  latentSize = 100,
  generator,
  discriminator,
}: MlpOptions): Architecture {
  if (shape.length === 0)
    throw new UsageError('mlp: shape must have a dimension or more, got none');
  requireCounts('mlp', {
    ...numbered('shape', shape),
    latentSize,
    ...numbered('generator.widths', generator.widths),
    ...numbered('discriminator.widths', discriminator.widths),
  });
  rememberInitializers();
  return {
    name: 'mlp',
    shape,
    latentSize,
    generator: (latent, normalize) => generatorBody(latent, shape, generator, normalize),
    discriminator: (sample, changes) => discriminatorBody(sample, discriminator, changes),
    initialize,
  };
}

const numbered = (name: string, counts: readonly number[]) =>
  Object.fromEntries(counts.map((count, i) => [`${name}[${i}]`, count]));

function generatorBody(
  latent: tf.SymbolicTensor,
  shape: readonly number[],
  layers: MlpGeneratorLayers,
  normalize = layers.batchNorm ? batchNorm : unnormalized,
): tf.SymbolicTensor {
  const { units = reluUnits(), output = 'tanh' } = layers;
  const hidden = hiddenLayers(latent, layers.widths, units, normalize);
  const size = tf.util.sizeFromShape([...shape]);
  const flat = apply(denseLayer({ name: 'picture', units: size, activation: output }), hidden);
  if (shape.length === 1) return flat;
  return apply(tf.layers.reshape({ name: 'picture_map', targetShape: [...shape] }), flat);
}

function discriminatorBody(
  sample: tf.SymbolicTensor,
  { widths, units = leakyReluUnits(), batchNorm: isNormalized }: MlpLayers,
  { normalize = isNormalized ? batchNorm : unnormalized, constrain }: DiscriminatorChanges = {},
): tf.SymbolicTensor {
  const isFlat = sample.shape.length === 2;
  const flat = isFlat ? sample : apply(tf.layers.flatten({ name: 'flat' }), sample);
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
