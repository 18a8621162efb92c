import { type Batch, type Dataset, memberOf } from '@ganloom/core';
import {
  coarsePixels,
  confusionMatrix,
  features,
  frechetDistance,
  momentsOfDataset,
} from '@ganloom/metrics';
import type * as tf from '@tensorflow/tfjs';
import type { Evaluation } from './evaluation';

/** The Fréchet distance of what `see` sees in the pictures of two sets. */
async function distanceOf(
  generated: Dataset,
  test: Dataset,
  see: (images: tf.Tensor4D) => tf.Tensor2D,
): Promise<number> {
  const seen = (batch: Batch) => see(memberOf<tf.Tensor4D>('evaluate', batch, 'images'));
  const made = await momentsOfDataset(generated, seen);
  const real = await momentsOfDataset(test, seen);
  return frechetDistance(made, real, { allowFewSamples: true });
}

/** How many pictures a classifier takes for what they were asked to be. */
const recognition: Evaluation = {
  name: 'recognition',
  about: 'share of pictures that a classifier takes for what they were asked to be',
  fits: ({ classifier, classNames }) => classifier !== undefined && classNames !== undefined,
  async compute({ generated, classifier, classNames }) {
    const confusion = await confusionMatrix(classifier!, generated, classNames!.length);
    const perClass = confusion.map(
      (row, label) => row[label]! / row.reduce((sum, count) => sum + count, 0),
    );
    const right = confusion.reduce((sum, row, label) => sum + row[label]!, 0);
    const recognized = right / generated.size;
    return {
      values: {
        recognized,
        perClass: Object.fromEntries(classNames!.map((name, label) => [name, perClass[label]])),
        /** `confusion[asked][seen]` */
        confusion,
      },
      lines: [
        `generated:  ${percent(recognized)} of ${generated.size} pictures recognized as asked`,
        ...classNames!.map((name, label) => `  ${name}: ${percent(perClass[label]!)}`),
      ],
    };
  },
};

/** The Fréchet distance of a classifier's features: unlike recognition, it tells pictures that are all alike. */
const featureDistance: Evaluation = {
  name: 'feature-distance',
  about: 'Fréchet distance of classifier features to real test pictures',
  fits: ({ classifier }) => classifier !== undefined,
  async compute({ generated, test, classifier }) {
    const distance = await distanceOf(generated, test, (x) => features(classifier!, x));
    return {
      values: { frechetDistance: distance },
      lines: [`Fréchet distance of features to the real test pictures: ${distance.toFixed(2)}`],
    };
  },
};

/** The Fréchet distance of coarse pixels: needs no classifier, tells nothing of sharpness. */
const pixelDistance: Evaluation = {
  name: 'pixel-distance',
  about: 'Fréchet distance of coarse pixels to real test pictures',
  fits: ({ test }) => test.shapes['images'] !== undefined,
  async compute({ generated, test }) {
    const distance = await distanceOf(generated, test, coarsePixels);
    return {
      values: { pixelDistance: distance },
      lines: [
        `Fréchet distance of coarse pixels to the real test pictures: ${distance.toFixed(3)}`,
      ],
    };
  },
};

/** What `evaluate` computes of every recipe's samples, as far as it fits. */
export const evaluations: readonly Evaluation[] = [recognition, featureDistance, pixelDistance];

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
