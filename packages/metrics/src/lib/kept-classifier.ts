import { type Dataset, RandomStream } from '@ganloom/core';
import { dataFingerprint } from '@ganloom/datasets';
import { loadModel, putJson, saveModel, type Store } from '@ganloom/storage';
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import type * as tf from '@tensorflow/tfjs';
import { type ClassifierProgress, trainClassifier } from './classifier';

/** Settings of {@link keptClassifier}. */
export interface KeptClassifierOptions {
  /** Holds a store for each classifier. */
  readonly cache: Store;
  /** Is told, in a line, where a classifier comes from. */
  readonly note?: (line: string) => void;
  /** While one is trained. */
  readonly onProgress?: (progress: ClassifierProgress) => void;
}

/** Part of the cache's key: classifiers made in another way are not taken for these. */
const RECIPE = { seed: 0, batchSize: 128, version: 1 } as const;

/** Written last, so that what is there is whole. */
const MARK = 'classifier.json';

/**
 * A classifier of a data set's classes: kept from an earlier time, or trained now by
 * `trainClassifier` and kept. The caller disposes it.
 */
export async function keptClassifier(
  data: Dataset,
  { cache, note = () => {}, onProgress }: KeptClassifierOptions,
): Promise<tf.LayersModel> {
  const store = cache.within(`classifier-${await keyOf(data)}`);
  if ((await store.size(MARK).catch(() => undefined)) !== undefined) {
    try {
      const kept = await loadModel(store);
      note(`classifier of ${data.name}: ${store.describe()}`);
      return kept;
    } catch (error) {
      note(`warning: training the classifier anew: ${(error as Error).message}`);
    }
  }
  note(`training a classifier on ${data.name}, to be kept in ${store.describe()}`);
  const classifier = await trainClassifier(data, {
    random: RandomStream.fromSeed(RECIPE.seed),
    batchSize: Math.min(RECIPE.batchSize, data.size),
    ...(onProgress && { onProgress }),
  });
  try {
    await saveModel(classifier, store);
    await putJson(store, MARK, { ...RECIPE, trainedOn: data.name, classNames: data.classNames });
  } catch (error) {
    note(`warning: the classifier cannot be kept: ${(error as Error).message}`);
  }
  return classifier;
}

async function keyOf(data: Dataset): Promise<string> {
  const key = JSON.stringify({ RECIPE, data: await dataFingerprint(data) });
  return bytesToHex(sha256(utf8ToBytes(key))).slice(0, 16);
}
