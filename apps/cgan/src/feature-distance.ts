import { type Dataset, memberOf } from '@ganloom/core';
import { features, frechetDistance, gaussianStatistics } from '@ganloom/metrics';
import * as tf from '@tensorflow/tfjs';

/**
 * The Fréchet distance between two sets of pictures by a classifier's features: unlike the share that
 * is recognized, it tells pictures that are all alike, too.
 */
export async function featureDistance(
  classifier: tf.LayersModel,
  a: Dataset,
  b: Dataset,
): Promise<number> {
  const [first, second] = [await statisticsOf(classifier, a), await statisticsOf(classifier, b)];
  return frechetDistance(first, second, { allowFewSamples: true });
}

async function statisticsOf(classifier: tf.LayersModel, data: Dataset) {
  const step = 256;
  const parts: tf.Tensor2D[] = [];
  for (let from = 0; from < data.size; from += step) {
    const length = Math.min(step, data.size - from);
    const batch = await data.batch(Array.from({ length }, (_, i) => from + i));
    parts.push(
      tf.tidy(() =>
        features(classifier, memberOf<tf.Tensor4D>('featureDistance', batch, 'images')),
      ),
    );
    tf.dispose(Object.values(batch) as tf.Tensor[]);
  }
  const all = tf.concat(parts, 0);
  const statistics = await gaussianStatistics(all);
  tf.dispose([parts, all]);
  return statistics;
}
