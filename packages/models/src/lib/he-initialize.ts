import type { RandomStream } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { ownNormal } from './initialize';

/**
 * Initial weights for networks of ReLUs: kernels N(0, gain²·2/fanIn), weights of `InitialNormal` as
 * their layers say, the rest as it is. Each kernel draws from a fork named after its layer, as tfjs
 * initializers do not honor seeds reliably.
 *
 * He et al. 2015, arXiv 1502.01852.
 *
 * @param gain of a layer, by its name; default 1. Less at the end of residual branches lets a deep
 *   network begin close to its skip connections.
 */
export function heInitialize(
  model: tf.LayersModel,
  random: RandomStream,
  gain: (layer: string) => number = () => 1,
): tf.LayersModel {
  for (const layer of model.layers) {
    for (const weight of layer.trainableWeights) {
      const shape = weight.shape as number[];
      const kind = weight.originalName.split('/').pop()!;
      const own = ownNormal(layer, kind, shape);
      if (own) {
        const stream = random.fork(`${layer.name}/${kind}`);
        tf.tidy(() => void weight.write(stream.normal(shape, own.mean, own.stddev)));
      }
      if (!/^kernel(_\d+)?$/.test(kind)) continue;
      const fanIn = shape.slice(0, -1).reduce((product, d) => product * d, 1);
      const stddev = gain(layer.name) * Math.sqrt(2 / fanIn);
      tf.tidy(() => void weight.write(random.fork(layer.name).normal(shape, 0, stddev)));
    }
  }
  return model;
}
