import {
  type Batch,
  type Dataset,
  ganloomError,
  imageShapeOf,
  memberOf,
  type RandomStream,
  requireCounts,
  requireIntegers,
  requireNumbers,
  usageError,
} from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/** What `trainClassifier` reports after each batch. */
export interface ClassifierProgress {
  /** Batches done. */
  readonly step: number;
  /** Batches in all. */
  readonly steps: number;
  /** Cross-entropy of this batch, nats. Reading it waits for the backend. */
  loss(): number;
}

/** Settings of {@link trainClassifier}. */
export interface TrainClassifierOptions {
  /** Source of the initial weights, the order of examples and the shifts. */
  readonly random: RandomStream;
  /** Channels of the first convolution; the second has twice as many. Default 32. */
  readonly filters?: number;
  /** Default 6. */
  readonly epochs?: number;
  /** Default 128. */
  readonly batchSize?: number;
  /** Adam's step size at the start; it falls to zero along a cosine. Default 0.002. */
  readonly learningRate?: number;
  /** Shift each batch by up to so many pixels, filling with −1. Right for digits. Default 1. */
  readonly shift?: number;
  readonly onProgress?: (progress: ClassifierProgress) => void | Promise<void>;
}

const FEATURES = 'features';
const FEATURE_COUNT = 64;

/**
 * Trains a small convolutional classifier whose penultimate layer gives features for distances.
 *
 * conv 4×4 s2 f → ReLU → conv 4×4 s2 2f → ReLU → dense 64 → ReLU (the features) → dense logits;
 * cross-entropy, Adam with a cosine schedule. The initial weights are normal with variance
 * 2 / fan-in (He et al. 2015, arXiv 1502.01852).
 *
 * @param dataset labeled images in [−1, 1], height and width divisible by 4
 * @returns a model from images `[n, height, width, channels]` to logits `[n, classes]`, for the
 *   caller to dispose
 * @throws UsageError if a setting is out of range, or the set has no class names or sizes that fit;
 *   GanloomError if its batches have no labels.
 */
export async function trainClassifier(
  dataset: Dataset,
  options: TrainClassifierOptions,
): Promise<tf.LayersModel> {
  const { random, filters = 32, epochs = 6, batchSize = 128 } = options;
  const { learningRate = 2e-3, shift = 1 } = options;
  requireCounts('trainClassifier', { filters, epochs, batchSize });
  requireNumbers('trainClassifier', { learningRate }, { min: 0 });
  requireIntegers('trainClassifier', { shift }, { min: 0 });
  const batches = Math.floor(dataset.size / batchSize);
  if (batches < 1) {
    const expected = `batchSize must be at most the ${dataset.size} examples of ${dataset.name}`;
    throw usageError('trainClassifier', expected, batchSize);
  }
  const model = buildClassifier(dataset, filters, random.fork('weights'));
  const classes = dataset.classNames!.length;
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const optimizer = tf.train.adam(learningRate);
  const order = random.fork('order');
  const shifts = random.fork('shifts');
  const steps = epochs * batches;
  try {
    let indices = order.permutation(dataset.size);
    for (let step = 0; step < steps; step++) {
      const at = step % batches;
      if (at === 0 && step > 0) indices = order.permutation(dataset.size);
      const batch = await dataset.batch(indices.subarray(at * batchSize, (at + 1) * batchSize));
      const [dy, dx] = shifts.integers(2, 2 * shift + 1) as unknown as [number, number];
      // tfjs declares the rate protected, yet its own callbacks set it in this way too.
      (optimizer as unknown as { learningRate: number }).learningRate =
        0.5 * learningRate * (1 + Math.cos((Math.PI * step) / steps));
      const loss = tf.tidy(() => {
        const images = shifted(imagesOf(batch), dy - shift, dx - shift);
        const targets = tf.oneHot(labelsOf(batch, dataset), classes);
        const objective = () =>
          tf.losses.softmaxCrossEntropy(
            targets,
            model.apply(images, { training: true }) as tf.Tensor,
          ) as tf.Scalar;
        return optimizer.minimize(objective, true, variables)!;
      });
      tf.dispose(Object.values(batch) as tf.Tensor[]);
      await options.onProgress?.({ step: step + 1, steps, loss: () => loss.dataSync()[0]! });
      loss.dispose();
    }
  } catch (error) {
    model.dispose();
    throw error;
  } finally {
    optimizer.dispose();
  }
  return model;
}

/**
 * The penultimate layer's activations for `images`: `[n, 64]`, for the caller to dispose.
 *
 * @param model a classifier of `trainClassifier`, also after saving and loading
 * @param images `[n, height, width, channels]` in [−1, 1]; stays the caller's
 */
export function features(model: tf.LayersModel, images: tf.Tensor4D, batchSize = 256): tf.Tensor2D {
  const tap = tf.model({ inputs: model.inputs, outputs: model.getLayer(FEATURES).output });
  return inBatches(tap, images, batchSize);
}

/** The most probable class of each picture, int32 `[n]`, for the caller to dispose. */
export function classify(model: tf.LayersModel, images: tf.Tensor4D, batchSize = 256): tf.Tensor1D {
  return tf.tidy(() => inBatches(model, images, batchSize).argMax(1));
}

/** The share of `dataset` that the classifier names rightly, from 0 to 1. */
export async function accuracy(
  model: tf.LayersModel,
  dataset: Dataset,
  batchSize = 256,
): Promise<number> {
  let right = 0;
  for (let at = 0; at < dataset.size; at += batchSize) {
    const length = Math.min(batchSize, dataset.size - at);
    const batch = await dataset.batch(Int32Array.from({ length }, (_, i) => at + i));
    const hits = tf.tidy(() =>
      classify(model, imagesOf(batch), batchSize).equal(labelsOf(batch, dataset)).sum(),
    );
    right += (await hits.data())[0]!;
    hits.dispose();
    tf.dispose(Object.values(batch) as tf.Tensor[]);
  }
  return right / dataset.size;
}

function buildClassifier(dataset: Dataset, filters: number, random: RandomStream): tf.LayersModel {
  const { height, width, channels } = imageShapeOf(dataset);
  if (height % 4 !== 0 || width % 4 !== 0) {
    const expected = 'height and width must be divisible by 4';
    throw usageError('trainClassifier', expected, [height, width], 'pad or resize the images');
  }
  if (dataset.classNames === undefined) {
    throw usageError('trainClassifier', 'the data set must have class names', dataset.name);
  }
  const convolution = { kernelSize: 4, strides: 2, padding: 'same', activation: 'relu' } as const;
  const model = tf.sequential({
    name: 'classifier',
    layers: [
      tf.layers.conv2d({ ...convolution, filters, inputShape: [height, width, channels] }),
      tf.layers.conv2d({ ...convolution, filters: 2 * filters }),
      tf.layers.flatten(),
      tf.layers.dense({ units: FEATURE_COUNT, activation: 'relu', name: FEATURES }),
      tf.layers.dense({ units: dataset.classNames.length, name: 'logits' }),
    ],
  });
  // tfjs's own initializers ignore their seeds.
  for (const weight of model.trainableWeights) {
    const shape = weight.shape as number[];
    if (shape.length === 1) continue;
    const fanIn = shape.slice(0, -1).reduce((product, size) => product * size, 1);
    const initial = random.normal(shape, 0, Math.sqrt(2 / fanIn));
    weight.write(initial);
    initial.dispose();
  }
  return model;
}

const imagesOf = (batch: Batch) => memberOf<tf.Tensor4D>('classifier', batch, 'images');

function labelsOf(batch: Batch, dataset: Dataset): tf.Tensor1D {
  if (batch['labels'] === undefined) {
    throw ganloomError('classifier', 'batches must have labels', `none from ${dataset.name}`);
  }
  return batch['labels'] as tf.Tensor1D;
}

/** The pictures moved down by `dy` and right by `dx`; what comes in is −1, black. */
function shifted(images: tf.Tensor4D, dy: number, dx: number): tf.Tensor4D {
  const [n, height, width, channels] = images.shape;
  const padding = (offset: number): [number, number] => [Math.max(0, offset), Math.max(0, -offset)];
  return tf
    .pad4d(images, [[0, 0], padding(dy), padding(dx), [0, 0]], -1)
    .slice([0, Math.max(0, -dy), Math.max(0, -dx), 0], [n, height, width, channels]);
}

function inBatches(model: tf.LayersModel, images: tf.Tensor4D, batchSize: number): tf.Tensor2D {
  return tf.tidy(() => {
    const parts: tf.Tensor2D[] = [];
    for (let at = 0; at < images.shape[0]; at += batchSize) {
      const size = Math.min(batchSize, images.shape[0] - at);
      const part = images.slice([at, 0, 0, 0], [size, -1, -1, -1]);
      parts.push(tf.tidy(() => model.apply(part, { training: false }) as tf.Tensor2D));
    }
    return tf.concat(parts, 0);
  });
}
