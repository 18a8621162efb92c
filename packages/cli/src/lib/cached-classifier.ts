import { createHash } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dataset, RandomStream } from '@ganloom/core';
import { dataFingerprint } from '@ganloom/datasets/node';
import { loadModel, saveModel, writeJson } from '@ganloom/storage/node';
import type * as tf from '@tensorflow/tfjs';
import { progress } from './progress';

export interface CachedClassifierOptions {
  /** Folder that holds a folder for each classifier. */
  readonly cache: string;
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

/**
 * A classifier of the set's classes: kept from an earlier time, or trained now and kept. The caller
 * disposes it.
 */
export async function cachedClassifier(
  data: Dataset,
  { cache, train }: CachedClassifierOptions,
): Promise<tf.LayersModel> {
  const folder = join(cache, `classifier-${await keyOf(data)}`);
  // Written last, so that what is there is whole.
  const mark = join(folder, 'classifier.json');
  const isKept = await access(mark).then(
    () => true,
    () => false,
  );
  if (isKept) {
    try {
      const kept = await loadModel(folder);
      console.error(`classifier of ${data.name}: ${folder}`);
      return kept;
    } catch (error) {
      console.error(`warning: training the classifier anew: ${(error as Error).message}`);
    }
  }

  console.error(`training a classifier on ${data.name}, to be kept in ${folder}`);
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
    await saveModel(classifier, folder);
    await writeJson(mark, { ...RECIPE, trainedOn: data.name, classNames: data.classNames });
  } catch (error) {
    console.error(`warning: the classifier cannot be kept: ${(error as Error).message}`);
  }
  return classifier;
}

async function keyOf(data: Dataset): Promise<string> {
  const key = JSON.stringify({ RECIPE, data: await dataFingerprint(data) });
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}
