import type { RandomStream } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/** Standard deviation of new weights in Radford et al. 2015 (arXiv 1511.06434), section 4. */
const STDDEV = 0.02;

export interface InitializeOptions {
  /** The standard deviation of a kernel of this shape, as {@link glorotStddev}. Default: 0.02. */
  readonly kernelStddev?: (shape: readonly number[]) => number;
}

/**
 * Radford's initial weights: kernels N(0, 0.02), batch normalization's γ N(1, 0.02), embeddings and
 * weights of {@link InitialNormal} as their layers say, the rest as it is (zeros; moving variance
 * ones). Each weight draws from a fork named after it, as tfjs initializers do not honor seeds
 * reliably.
 *
 * A layer of n inputs with such kernels shrinks what goes through it by 0.02·√(n/2), which
 * normalization makes good. Networks without learn slowly from there; {@link glorotStddev} spares
 * them that.
 */
export function initialize(
  model: tf.LayersModel,
  random: RandomStream,
  { kernelStddev = () => STDDEV }: InitializeOptions = {},
): tf.LayersModel {
  for (const layer of model.layers) {
    for (const weight of layer.trainableWeights) {
      // Names are `layer/kernel`, with a counter when several models share layer names.
      const kind = weight.originalName.split('/').pop()!;
      const normal = distributionOf(layer, kind, shapeOf(weight), kernelStddev);
      if (!normal) continue;
      const stream = random.fork(`${layer.name}/${kind}`);
      tf.tidy(() => void weight.write(stream.normal(shapeOf(weight), normal.mean, normal.stddev)));
    }
  }
  return model;
}

/**
 * The standard deviation of first weights between those that keep the size of what goes forward and
 * of what comes back: √(2 / (fanIn + fanOut)), for kernels `[…window, in, out]`, where the fans are
 * in and out times the window's size, the same for transposed convolutions.
 *
 * Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural
 * networks", equation 12.
 */
export function glorotStddev(shape: readonly number[]): number {
  const window = shape.slice(0, -2).reduce((product, d) => product * d, 1);
  return Math.sqrt(2 / (window * (shape.at(-2)! + shape.at(-1)!)));
}

interface Normal {
  readonly mean: number;
  readonly stddev: number;
}

/** A layer that says itself how some of its weights begin, for its formula asks for a scale. */
export interface InitialNormal {
  /** Undefined for weights that begin as those of other layers do. */
  initialNormal(weight: string, shape: readonly number[]): Normal | undefined;
}

/** What a layer says of a weight's beginning, if it does. */
export function ownNormal(
  layer: tf.layers.Layer,
  kind: string,
  shape: readonly number[],
): Normal | undefined {
  return (layer as Partial<InitialNormal>).initialNormal?.(kind, shape);
}

function distributionOf(
  layer: tf.layers.Layer,
  kind: string,
  shape: readonly number[],
  kernelStddev: (shape: readonly number[]) => number,
): Normal | undefined {
  const own = ownNormal(layer, kind, shape);
  if (own) return own;
  if (kind === 'kernel') return { mean: 0, stddev: kernelStddev(shape) };
  if (kind === 'gamma') return { mean: 1, stddev: STDDEV };
  if (kind !== 'embeddings') return undefined;
  const { config } = layer.getConfig()['embeddingsInitializer'] as unknown as { config: Normal };
  return config.stddev === undefined ? undefined : config;
}

function shapeOf(weight: tf.LayerVariable): number[] {
  return weight.shape as number[];
}
