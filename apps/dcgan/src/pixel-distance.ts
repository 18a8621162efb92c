import type { Dataset } from '@ganloom/core';
import { frechetDistance, gaussianStatistics } from '@ganloom/metrics';
import type { Metric } from '@ganloom/training';
import * as tf from '@tensorflow/tfjs';

/** Pictures on each side. A thousand are drawn in about a second. */
const PICTURES = 1000;
const BATCH = 100;
/** Pixels are averaged until a side has no more values than this. */
const SIDE = 8;

export const PIXEL_DISTANCE = 'pixelDistance';

/**
 * The Fréchet distance between samples and data by their coarse pixels: cheap, needs no classifier,
 * and tells when samples no longer become more like the data at large, though nothing of sharpness.
 */
export function pixelDistance(data: Dataset, latentSize: number, every: number): Metric {
  let real: Promise<Awaited<ReturnType<typeof gaussianStatistics>>> | undefined;
  const ofData = () => {
    const count = Math.min(PICTURES, data.size);
    return statisticsOf(count, async (from, to) => {
      // Evenly spread, as sets may be sorted.
      const indices = Array.from({ length: to - from }, (_, i) =>
        Math.floor(((from + i) * data.size) / count),
      );
      const { images, ...others } = await data.batch(indices);
      tf.dispose(others as tf.TensorContainer);
      return images as tf.Tensor4D;
    });
  };
  return {
    name: PIXEL_DISTANCE,
    every,
    async value({ models, random }) {
      const generator = models['generator']!;
      const fake = await statisticsOf(PICTURES, async (from, to) =>
        tf.tidy(
          () =>
            generator.predict(
              random.fork(`${from}`).normal([to - from, latentSize]),
            ) as tf.Tensor4D,
        ),
      );
      return frechetDistance(fake, await (real ??= ofData()), { allowFewSamples: true });
    },
  };
}

async function statisticsOf(
  count: number,
  picturesAt: (from: number, to: number) => Promise<tf.Tensor4D>,
) {
  const parts: tf.Tensor2D[] = [];
  for (let from = 0; from < count; from += BATCH) {
    const to = Math.min(from + BATCH, count);
    const pictures = await picturesAt(from, to);
    parts.push(tf.tidy(() => coarse(pictures)));
    pictures.dispose();
  }
  const all = tf.concat(parts, 0);
  try {
    return await gaussianStatistics(all);
  } finally {
    tf.dispose([parts, all]);
  }
}

function coarse(pictures: tf.Tensor4D): tf.Tensor2D {
  const [count, height, width] = pictures.shape;
  const window: [number, number] = [Math.ceil(height / SIDE), Math.ceil(width / SIDE)];
  return tf.avgPool(pictures, window, window, 'same').reshape([count, -1]);
}
