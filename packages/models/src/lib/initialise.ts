import type { RandomStream } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/** Standard deviation of new weights in Radford et al. 2015 (arXiv 1511.06434), section 4. */
const STDDEV = 0.02;

/**
 * Radford's initial weights: kernels N(0, 0.02), batch normalisation's γ N(1, 0.02), the rest as it
 * is (zeros; moving variance ones). Each weight draws from a fork named after it, as tfjs
 * initializers do not honour seeds reliably.
 */
export function initialise(model: tf.LayersModel, random: RandomStream): tf.LayersModel {
  for (const layer of model.layers) {
    for (const weight of layer.trainableWeights) {
      // Names are `layer/kernel`, with a counter when several models share layer names.
      const kind = weight.originalName.split('/').pop()!;
      const mean = kind === 'gamma' ? 1 : 0;
      if (kind !== 'kernel' && kind !== 'gamma') continue;
      const stream = random.fork(`${layer.name}/${kind}`);
      tf.tidy(() => void weight.write(stream.normal(shapeOf(weight), mean, STDDEV)));
    }
  }
  return model;
}

function shapeOf(weight: tf.LayerVariable): number[] {
  return weight.shape as number[];
}
