import { createHash } from 'node:crypto';
import { type Dataset, RandomStream } from '@ganloom/core';
import { dataFingerprint } from '@ganloom/datasets';
import { loadModel, putJson, saveModel, type Store } from '@ganloom/storage';
import type * as tf from '@tensorflow/tfjs';
import { progress } from './progress';

export interface CachedClassifierOptions {
  /** Holds a store for each classifier. */
  readonly cache: Store;
  /** Trains a new one: `trainClassifier` of `@ganloom/metrics`. */
  readonly train: (
    data: Dataset,
    options: {
      readonly random: RandomStream;
      readonly batchSize: number;
      readonly onProgress: (progress: {
        readonly step: number;
        readonly steps: number;
        loss(): number;
      }) => void;
    },
  ) => Promise<tf.LayersModel>;
}

/** Part of the cache's key: classifiers made in another way are not taken for these. */
const RECIPE = { seed: 0, batchSize: 128, version: 1 } as const;

/** Written last, so that what is there is whole. */
const MARK = 'classifier.json';

/**
 * A classifier of the set's classes: kept from an earlier time, or trained now and kept. The caller
 * disposes it.
 */
export async function cachedClassifier(
  data: Dataset,
  { cache, train }: CachedClassifierOptions,
): Promise<tf.LayersModel> {
  const store = cache.within(`classifier-${await keyOf(data)}`);
  if ((await store.size(MARK).catch(() => undefined)) !== undefined) {
    try {
      const kept = await loadModel(store);
      console.error(`classifier of ${data.name}: ${store.describe()}`);
      return kept;
    } catch (error) {
      console.error(`warning: training the classifier anew: ${(error as Error).message}`);
    }
  }

  console.error(`training a classifier on ${data.name}, to be kept in ${store.describe()}`);
  let shown: ReturnType<typeof progress> | undefined;
  const classifier = await train(data, {
    random: RandomStream.fromSeed(RECIPE.seed),
    batchSize: Math.min(RECIPE.batchSize, data.size),
    // Reading the loss back waits for the backend, so only now and then.
    onProgress({ step, steps, loss }) {
      shown ??= progress({ unit: 'steps', total: steps });
      if (step % 20 === 0 || step === steps) shown.update(step, `loss ${loss().toFixed(3)}`);
    },
  }).finally(() => shown?.stop());
  try {
    await saveModel(classifier, store);
    await putJson(store, MARK, { ...RECIPE, trainedOn: data.name, classNames: data.classNames });
  } catch (error) {
    console.error(`warning: the classifier cannot be kept: ${(error as Error).message}`);
  }
  return classifier;
}

async function keyOf(data: Dataset): Promise<string> {
  const key = JSON.stringify({ RECIPE, data: await dataFingerprint(data) });
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}
