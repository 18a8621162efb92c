import type { RandomStream } from '@ganloom/core';
import type * as tf from '@tensorflow/tfjs';
import { drawFirstWeights } from './first-weights';

/**
 * First weights for networks of ReLUs: kernels of stock layers N(0, gain²·2/fanIn), each from a fork
 * named after its layer. All other weights begin as their layers say, as with `initialize`.
 *
 * He et al. 2015, arXiv 1502.01852.
 *
 * @param gain of a layer, by its name; default 1. Less at the end of residual branches lets a deep
 *   network begin close to its skip connections.
 * @throws UsageError for a weight of which nobody knows how it began, as `initialize`.
 */
export function heInitialize(
  model: tf.LayersModel,
  random: RandomStream,
  gain: (layer: string) => number = () => 1,
): tf.LayersModel {
  return drawFirstWeights(model, random, ({ layer, kind, shape }) => {
    if (kind !== 'kernel') return undefined;
    const fanIn = shape.slice(0, -1).reduce((product, d) => product * d, 1);
    return { mean: 0, stddev: gain(layer) * Math.sqrt(2 / fanIn), fork: layer };
  });
}
