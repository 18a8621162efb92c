import { createHash } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dataset, RandomStream } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { loadModel, saveModel } from './model-files';
import { progress } from './progress';
import { writeJson } from './write-file-atomic';

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
/** So many examples, spread over the set, stand for all of it in the cache's key. */
const WITNESSES = 256;

/**
 * A classifier of the set's classes: kept from an earlier time, or trained now and kept. The caller
 * disposes it.
 */
export async function cachedClassifier(
  data: Dataset,
  { cache, train }: CachedClassifierOptions,
): Promise<tf.LayersModel> {
  const folder = join(cache, `classifier-${await fingerprint(data)}`);
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

/** Tells one data set from another by their contents, wherever they lie. */
async function fingerprint(data: Dataset): Promise<string> {
  const { size, imageShape, classNames } = data;
  const hash = createHash('sha256').update(
    JSON.stringify({ RECIPE, size, imageShape, classNames }),
  );
  const count = Math.min(WITNESSES, size);
  const indices = Array.from({ length: count }, (_, i) => Math.floor((i * size) / count));
  const batch = await data.batch(indices);
  for (const tensor of [batch.images, batch.labels]) {
    const values = await tensor?.data();
    if (values) hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  tf.dispose(Object.values(batch) as tf.Tensor[]);
  return hash.digest('hex').slice(0, 16);
}
