import { type Dataset, RandomStream } from '@ganloom/core';
import { accuracy, trainClassifier } from '@ganloom/metrics';
import { loadModel, saveModel } from '@ganloom/storage';
import { diskStore } from '@ganloom/storage/node';
import { progress } from '@ganloom/cli';
import type * as tf from '@tensorflow/tfjs';
import { cacheFolder } from './files';

/**
 * The classifier whose features the distances are taken on, trained once and kept in `.cache`.
 *
 * Distances compare only between equal weights: delete the folder, and older figures are void.
 */
export async function mnistClassifier(training: Dataset, test: Dataset): Promise<tf.LayersModel> {
  const store = diskStore(cacheFolder).within('mnist-classifier');
  if ((await store.size('model.json')) !== undefined) return loadModel(store);

  console.error('Training the MNIST classifier, once:');
  let bar: ReturnType<typeof progress> | undefined;
  const model = await trainClassifier(training, {
    random: RandomStream.fromSeed(0),
    async onProgress({ step, steps, loss }) {
      bar ??= progress({ unit: 'batches', total: steps });
      if (step % 20 !== 0) return;
      bar.update(step, `cross-entropy ${loss().toFixed(3)}`);
      await new Promise(setImmediate);
    },
  });
  bar?.stop();
  console.error(`accuracy on the test set: ${(100 * (await accuracy(model, test))).toFixed(2)} %`);
  await saveModel(model, store);
  return model;
}
