import { classify } from '@ganloom/metrics';
import type { Uint8Dataset } from '@ganloom/datasets';
import type * as tf from '@tensorflow/tfjs';

/** How many pictures of each class (rows) the classifier takes for which class (columns). */
export async function confusionMatrix(
  classifier: tf.LayersModel,
  { labels, size, batch }: Uint8Dataset,
  classes: number,
): Promise<number[][]> {
  const matrix = Array.from({ length: classes }, () => Array<number>(classes).fill(0));
  const step = 256;
  for (let from = 0; from < size; from += step) {
    const length = Math.min(step, size - from);
    const { images, labels: unused } = batch(Array.from({ length }, (_, i) => from + i));
    const named = classify(classifier, images);
    (await named.data()).forEach((seen, i) => {
      matrix[labels![from + i]!]![seen]!++;
    });
    for (const tensor of [images, unused, named]) tensor?.dispose();
  }
  return matrix;
}
