import type { Uint8Dataset } from '@ganloom/datasets';
import { mnist } from '@ganloom/datasets/node';
import {
  classify,
  features,
  frechetDistance,
  gaussianMoments,
  type GaussianMoments,
  modeCoverage,
} from '@ganloom/metrics';
import * as tf from '@tensorflow/tfjs';
import { mnistClassifier } from './mnist-classifier';

export interface SampleQuality {
  readonly name: string;
  /** Fréchet distance to the 10,000 test and the 60,000 training pictures. */
  readonly toTest: number;
  readonly toTrain: number;
  readonly counts: readonly number[];
  /** KL divergence of the classes from even ones, nats. */
  readonly divergence: number;
}

/** Prepares the classifier and the real sets; what it returns measures one set of samples. */
export async function sampleJudge(): Promise<(samples: Uint8Dataset) => Promise<SampleQuality>> {
  const [training, test] = await Promise.all([mnist({ split: 'train' }), mnist({ split: 'test' })]);
  const model = await mnistClassifier(training, test);
  const toReal = {
    test: await statisticsOf(model, test),
    train: await statisticsOf(model, training),
  };
  const floor = await frechetDistance(toReal.test, toReal.train);
  console.log(`real test to real training pictures: ${floor.toFixed(2)}`);
  return async (samples) => {
    const statistics = await statisticsOf(model, samples);
    const labels = await labelsOf(model, samples);
    const { counts, divergence } = modeCoverage(labels, 10);
    return {
      name: samples.name,
      toTest: await frechetDistance(statistics, toReal.test),
      toTrain: await frechetDistance(statistics, toReal.train),
      counts: [...counts],
      divergence,
    };
  };
}

async function statisticsOf(model: tf.LayersModel, data: Uint8Dataset): Promise<GaussianMoments> {
  const all = await overBatches(data, (images) => features(model, images));
  const statistics = await gaussianMoments(all);
  all.dispose();
  return statistics;
}

async function labelsOf(model: tf.LayersModel, data: Uint8Dataset): Promise<ArrayLike<number>> {
  const all = await overBatches(data, (images) => classify(model, images));
  const labels = await all.data();
  all.dispose();
  return labels;
}

async function overBatches(
  data: Uint8Dataset,
  use: (images: tf.Tensor4D) => tf.Tensor,
): Promise<tf.Tensor> {
  const size = 1000;
  const parts: tf.Tensor[] = [];
  for (let at = 0; at < data.size; at += size) {
    const length = Math.min(size, data.size - at);
    const { images, labels } = data.batch(Int32Array.from({ length }, (_, i) => at + i));
    parts.push(use(images));
    tf.dispose([images, labels!]);
    // Lets a progress bar or ctrl-C have its turn.
    await tf.nextFrame();
  }
  const all = tf.concat(parts, 0);
  tf.dispose(parts);
  return all;
}
