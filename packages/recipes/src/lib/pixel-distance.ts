import { type Dataset, memberOf, type RandomStream } from '@ganloom/core';
import {
  coarsePixels,
  frechetDistance,
  type GaussianMoments,
  gaussianMoments,
  momentsOfDataset,
} from '@ganloom/metrics';
import type { Metric } from '@ganloom/training';
import * as tf from '@tensorflow/tfjs';

/** Pictures on each side. A thousand are drawn in about a second. */
const PICTURES = 1000;
const BATCH = 100;

/** The name of {@link pixelDistance} among the statistics. */
export const PIXEL_DISTANCE = 'pixelDistance';

/**
 * The Fréchet distance between samples and data by their coarse pixels: cheap, needs no classifier,
 * and tells when samples no longer become more like the data at large, though nothing of sharpness.
 */
export function pixelDistance(data: Dataset, latentSize: number, every: number): Metric {
  let real: Promise<GaussianMoments> | undefined;
  const ofData = () =>
    momentsOfDataset(
      data,
      (batch) => coarsePixels(memberOf<tf.Tensor4D>('pixelDistance', batch, 'images')),
      { count: Math.min(PICTURES, data.size), batch: BATCH },
    );
  return {
    name: PIXEL_DISTANCE,
    every,
    async value({ models, random }) {
      const fake = await momentsOfSamples(models['generator']!, latentSize, random);
      return frechetDistance(fake, await (real ??= ofData()), { allowFewSamples: true });
    },
  };
}

async function momentsOfSamples(
  generator: tf.LayersModel,
  latentSize: number,
  random: RandomStream,
): Promise<GaussianMoments> {
  const all = tf.tidy(() => {
    const parts = Array.from({ length: PICTURES / BATCH }, (_, i) =>
      tf.tidy(() => {
        const latents = random.fork(`${i * BATCH}`).normal([BATCH, latentSize]);
        return coarsePixels(generator.predict(latents) as tf.Tensor4D);
      }),
    );
    return tf.concat(parts, 0);
  });
  try {
    return await gaussianMoments(all);
  } finally {
    all.dispose();
  }
}
