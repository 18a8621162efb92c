import { type Dataset, type RandomStream, requireCounts, usageError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { requireIndices } from './require-indices';
import type { PictureBatch, Uint8Dataset } from './array-dataset';

/** Settings of {@link stackedMnist}. */
export interface StackedMnistOptions {
  /** Pictures; default 128,000, as in VEEGAN's experiment. */
  readonly count?: number;
  /** Source of the triples. */
  readonly random: RandomStream;
}

/** Color pictures of three digits each. */
export interface StackedMnist extends Dataset {
  /** The number that the digits of red, green and blue make, `[size]`. */
  readonly labels: Int32Array;
  batch(indices: ArrayLike<number>): Required<PictureBatch>;
}

const CHANNELS = 3;

/**
 * Stacked MNIST: three random digits as the channels of one picture, 10³ modes for MNIST.
 *
 * Metz et al. 2016 (unrolled GANs, arXiv 1611.02163); of any labeled grey set with c classes, the
 * label is (c·red + green)·c + blue. Pictures are put together when a batch needs them.
 *
 * @throws UsageError if the set is not grey or has no labels, or `count` is not a positive integer; `batch`
 *   too, for an index outside the set.
 */
export function stackedMnist(
  digits: Uint8Dataset,
  { count = 128_000, random }: StackedMnistOptions,
): StackedMnist {
  const where = 'stackedMnist';
  const { height, width, channels } = digits.imageShape;
  if (channels !== 1) throw usageError(where, 'pictures must have one channel', channels);
  if (!digits.labels) throw usageError(where, 'pictures must have labels', digits.name);
  requireCounts(where, { count });
  const ofDigit = digits.labels;
  const classes = digits.classNames?.length ?? 1 + ofDigit.reduce((a, b) => Math.max(a, b), 0);
  const chosen = random.integers(CHANNELS * count, digits.size);
  const labels = Int32Array.from({ length: count }, (_, i) => {
    const [red, green, blue] = chosen.subarray(CHANNELS * i, CHANNELS * (i + 1));
    return (classes * ofDigit[red!]! + ofDigit[green!]!) * classes + ofDigit[blue!]!;
  });
  return {
    name: `stacked ${digits.name}`,
    size: count,
    shapes: { images: [height, width, CHANNELS], labels: [] },
    labels,
    batch(indices) {
      requireIndices(where, indices, count);
      const wanted = Array.from(indices);
      const size = height * width;
      const values = new Float32Array(wanted.length * size * CHANNELS);
      wanted.forEach((index, i) => {
        for (let c = 0; c < CHANNELS; c++) {
          const from = size * chosen[CHANNELS * index + c]!;
          const to = size * CHANNELS * i + c;
          for (let p = 0; p < size; p++) {
            values[to + CHANNELS * p] = digits.pixels[from + p]! / 127.5 - 1;
          }
        }
      });
      return {
        images: tf.tensor4d(values, [wanted.length, height, width, CHANNELS]),
        labels: tf.tensor1d(
          wanted.map((index) => labels[index]!),
          'int32',
        ),
      };
    },
  };
}
