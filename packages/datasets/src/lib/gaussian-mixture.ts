import {
  type Dataset,
  type RandomStream,
  requireCounts,
  requireNumbers,
  usageError,
} from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { requireIndices } from './require-indices';

/** Equally frequent normal distributions, all of one spread. */
export interface Mixture {
  readonly name: string;
  /** The middle of each mode, all of the same number of coordinates. */
  readonly means: readonly (readonly number[])[];
  /** Of each coordinate within a mode. */
  readonly standardDeviation: number;
}

/** What {@link gaussianMixture} draws. */
export interface GaussianMixtureOptions extends Omit<Mixture, 'name'> {
  /** Default 'mixture'. */
  readonly name?: string;
  /** Points to draw. */
  readonly count: number;
  readonly random: RandomStream;
}

/** Points and the modes that they were drawn from. */
export type PointBatch = {
  readonly points: tf.Tensor2D;
  readonly labels: tf.Tensor1D;
};

/** Points in memory, whose modes are known. */
export interface GaussianMixture extends Dataset {
  /** `[size, dimensions]`. */
  readonly points: Float32Array;
  /** The mode that each point was drawn from, `[size]`. */
  readonly labels: Int32Array;
  batch(indices: ArrayLike<number>): PointBatch;
}

/**
 * Points of a mixture of Gaussians, x = μ_k + σ·ε with k uniform over the modes and ε ~ N(0, I).
 *
 * Batches hold `points` float32 `[batch, d]`, in the mixture's own units and not in [−1, 1], and
 * `labels` int32 `[batch]`, the modes.
 *
 * @throws UsageError if there are no means, or they differ in length, or the deviation is not positive, or
 *   `count` is not a positive integer; `batch` too, for an index outside the set.
 */
export function gaussianMixture(options: GaussianMixtureOptions): GaussianMixture {
  const { name = 'mixture', means, standardDeviation, count, random } = options;
  const where = `gaussianMixture ${name}`;
  const dimensions = means[0]?.length ?? 0;
  if (dimensions === 0 || means.some((mean) => mean.length !== dimensions)) {
    const lengths = means.map((mean) => mean.length);
    throw usageError(where, 'means must be points of one number of coordinates', lengths);
  }
  requireNumbers(where, { standardDeviation }, { above: 0 });
  requireCounts(where, { count });
  const labels = random.fork('modes').integers(count, means.length);
  const noise = random.fork('noise').normal([count, dimensions], 0, standardDeviation);
  const points = Float32Array.from(
    noise.dataSync(),
    (offset, i) => means[labels[Math.floor(i / dimensions)]!]![i % dimensions]! + offset,
  );
  noise.dispose();
  return {
    name,
    size: count,
    shapes: { points: [dimensions], labels: [] },
    points,
    labels,
    batch(indices) {
      requireIndices(where, indices, count);
      const chosen = Array.from(indices);
      const values = new Float32Array(chosen.length * dimensions);
      chosen.forEach((index, i) => {
        const from = index * dimensions;
        values.set(points.subarray(from, from + dimensions), i * dimensions);
      });
      return {
        points: tf.tensor2d(values, [chosen.length, dimensions]),
        labels: tf.tensor1d(
          chosen.map((index) => labels[index]!),
          'int32',
        ),
      };
    },
  };
}

/** Settings of {@link ringMixture}. */
export interface RingMixtureOptions {
  /** Default 8. */
  readonly modes?: number;
  /** Default 1. */
  readonly radius?: number;
  /** Default 0.01. */
  readonly standardDeviation?: number;
}

/**
 * Modes evenly on a circle around 0, the first at (radius, 0): by default the "2D-ring" of Srivastava
 * et al. 2017 (VEEGAN, arXiv 1705.07761) as Lin et al. 2018 (PacGAN, arXiv 1712.04086) have it.
 */
export function ringMixture(options: RingMixtureOptions = {}): Mixture {
  const { modes = 8, radius = 1, standardDeviation = 0.01 } = options;
  const means = Array.from({ length: modes }, (_, k) => {
    const angle = (2 * Math.PI * k) / modes;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  return { name: `ring of ${modes}`, means, standardDeviation };
}

/** Settings of {@link gridMixture}. */
export interface GridMixtureOptions {
  /** Modes along each side; default 5. */
  readonly side?: number;
  /** From one to the next; default 2. */
  readonly spacing?: number;
  /** Default 0.05. */
  readonly standardDeviation?: number;
}

/**
 * Modes on a square grid around 0, row by row: by default {−4, −2, 0, 2, 4}², the "2D-grid" of the
 * papers of {@link ringMixture}.
 */
export function gridMixture(options: GridMixtureOptions = {}): Mixture {
  const { side = 5, spacing = 2, standardDeviation = 0.05 } = options;
  const at = (i: number) => spacing * (i - (side - 1) / 2);
  const means = Array.from({ length: side ** 2 }, (_, k) => [
    at(k % side),
    at(Math.floor(k / side)),
  ]);
  return { name: `grid of ${side}×${side}`, means, standardDeviation };
}
