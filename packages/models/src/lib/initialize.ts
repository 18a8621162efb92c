import type { RandomStream } from '@ganloom/core';
import type * as tf from '@tensorflow/tfjs';
import { drawFirstWeights } from './first-weights';

/** Standard deviation of new weights in Radford et al. 2015 (arXiv 1511.06434), section 4. */
const STDDEV = 0.02;

/** Settings of {@link initialize}. */
export interface InitializeOptions {
  /** The standard deviation of a kernel of this shape, as {@link glorotStddev}. Default: 0.02. */
  readonly kernelStddev?: (shape: readonly number[]) => number;
}

/**
 * Radford's first weights, drawn from a seeded stream, as initializers of TensorFlow.js honor no seeds
 * reliably: kernels of stock layers N(0, 0.02), their batch normalizations' γ N(1, 0.02).
 *
 * A layer that says itself how a weight begins is heard: a stock one that was given an initializer, one
 * of other people. Random initializers of TensorFlow.js then draw from the stream with their own
 * distribution, constant ones stay. Each weight has a fork named `layer/weight`.
 *
 * A layer of n inputs with such kernels shrinks what goes through it by 0.02·√(n/2), which
 * normalization makes good. Networks without learn slowly from there; {@link glorotStddev} spares
 * them that.
 *
 * @throws UsageError for a weight of which nobody knows how it began: layers of other people that do
 *   not name their initializers as stock layers do (`gammaInitializer`) are built after the first
 *   function of this package that makes layers or networks, or after `registerLayers`.
 */
export function initialize(
  model: tf.LayersModel,
  random: RandomStream,
  { kernelStddev = () => STDDEV }: InitializeOptions = {},
): tf.LayersModel {
  return drawFirstWeights(model, random, ({ kind, shape }) =>
    kind === 'gamma' ? { mean: 1, stddev: STDDEV } : { mean: 0, stddev: kernelStddev(shape) },
  );
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
