import { type Dataset, RandomStream } from '@ganloom/core';
import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { accuracy, classify, features, trainClassifier } from './classifier';

const noise = tf.tidy(
  () => RandomStream.fromSeed(7).uniform([64, 8, 8, 1], 0, 0.5).arraySync() as number[][][][],
);
const pictures = noise.map((rows, index) =>
  rows.map((row, y) => row.map(([v], x) => [(index % 2 === 0 ? y : x) < 4 ? 1 - v! : v! - 1])),
);

/** 8×8 pictures with the top or the left half white, by label, and a little noise. */
const halves = {
  name: 'halves',
  size: 64,
  shapes: { images: [8, 8, 1], labels: [] },
  classNames: ['top', 'left'],
  batch: (indices: ArrayLike<number>) => ({
    images: tf.tensor4d(Array.from(indices, (index) => pictures[index]!)) as tf.Tensor4D,
    labels: tf.tensor1d(
      Array.from(indices, (index) => index % 2),
      'int32',
    ),
  }),
};

const train = (dataset: Dataset, seed = 1) =>
  trainClassifier(dataset, {
    random: RandomStream.fromSeed(seed),
    filters: 4,
    epochs: 3,
    learningRate: 0.01,
    batchSize: 16,
    shift: 1,
  });

it('learns, and tells features and classes', async () => {
  const model = await train(halves);
  expect(await accuracy(model, halves, 24)).toBeGreaterThan(0.95);

  const { images, labels } = halves.batch([0, 1, 2, 3, 4]);
  const tapped = features(model, images, 2);
  expect(tapped.shape).toEqual([5, 64]);
  // The features are what the last layer sees.
  const logits = model.getLayer('logits').apply(tapped) as tf.Tensor;
  expect(Array.from(logits.argMax(1).dataSync())).toEqual(Array.from(labels!.dataSync()));
  expect(Array.from(classify(model, images, 3).dataSync())).toEqual([0, 1, 0, 1, 0]);
  model.dispose();
});

it('leaves no tensors', async () => {
  await expectNoLeak(async () => {
    const model = await train(halves);
    await accuracy(model, halves);
    const { images, labels } = halves.batch([0, 1]);
    tf.dispose([features(model, images), classify(model, images), images, labels!]);
    model.dispose();
  });
});

it('depends on the seed alone', async () => {
  const weights = async (seed: number) => {
    const model = await train(halves, seed);
    const values = model.getWeights().map((weight) => Array.from(weight.dataSync()));
    model.dispose();
    return values;
  };
  const first = await weights(3);
  expect(await weights(3)).toEqual(first);
  expect(await weights(4)).not.toEqual(first);
});

it('reports progress', async () => {
  const seen: number[] = [];
  const model = await trainClassifier(halves, {
    random: RandomStream.fromSeed(1),
    filters: 4,
    epochs: 2,
    batchSize: 32,
    onProgress: ({ step, steps, loss }) => {
      seen.push(step);
      expect(steps).toBe(4);
      expect(loss()).toBeGreaterThan(0);
    },
  });
  expect(seen).toEqual([1, 2, 3, 4]);
  model.dispose();
});

it('says what does not fit', async () => {
  const odd = { ...halves, shapes: { images: [10, 8, 1] } };
  await expect(train(odd)).rejects.toThrow(
    'trainClassifier: height and width must be divisible by 4, got [10,8]; pad or resize the images',
  );
  const { classNames: _, ...unnamed } = halves;
  await expect(train(unnamed)).rejects.toThrow(
    'trainClassifier: the data set must have class names, got "halves"',
  );
  await expect(train({ ...halves, size: 4 })).rejects.toThrow(
    'trainClassifier: batchSize must be at most the 4 examples of halves, got 16',
  );
  const unlabeled: Dataset = {
    ...halves,
    batch: async (indices) => ({ images: halves.batch(indices).images }),
  };
  await expect(train(unlabeled)).rejects.toThrow(
    'classifier: batches must have labels, got "none from halves"',
  );
});
