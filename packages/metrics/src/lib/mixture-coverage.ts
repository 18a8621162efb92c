import { usageError } from '@ganloom/core';
import { modeCoverage } from './mode-coverage';

/** The modes that samples are measured by, as those of `gaussianMixture` of `@ganloom/datasets`. */
export interface MixtureModes {
  /** The middle of each mode, all of the same number of coordinates. */
  readonly means: readonly (readonly number[])[];
  /** Of each coordinate within a mode. */
  readonly standardDeviation: number;
}

/** How samples spread over the modes of a mixture, and how near they come. */
export interface MixtureCoverage {
  /** The nearest mode of each sample, `[samples]`. */
  readonly nearest: Int32Array;
  /** Whether each sample lies within three standard deviations of its nearest mode. */
  readonly isHighQuality: readonly boolean[];
  /** High-quality samples of each mode, `[modes]`. */
  readonly counts: Int32Array;
  /** Modes with at least one high-quality sample. */
  readonly covered: number;
  /** The share of samples that are of high quality, from 0 to 1. */
  readonly highQuality: number;
  /**
   * KL(p ‖ uniform) in nats, where p is the share of all samples whose nearest mode is each: 0 when
   * even, log(modes) when one is left.
   */
  readonly divergence: number;
}

/** High quality is within so many standard deviations. */
const HIGH_QUALITY = 3;

/**
 * Counts the modes of a mixture of Gaussians that samples cover, the share of samples near a mode,
 * and how uneven they are.
 *
 * The measures of Srivastava et al. 2017 (VEEGAN, arXiv 1705.07761) and Lin et al. 2018 (PacGAN,
 * arXiv 1712.04086), whose papers draw 2500 samples.
 *
 * @param samples coordinates, row-major `[samples, dimensions]`, in the units of the means
 * @throws UsageError if there are no samples or modes, or their dimensions differ.
 */
export function mixtureCoverage(
  samples: ArrayLike<number>,
  { means, standardDeviation }: MixtureModes,
): MixtureCoverage {
  const dimensions = means[0]?.length ?? 0;
  if (dimensions === 0 || means.some((mean) => mean.length !== dimensions)) {
    const lengths = means.map((mean) => mean.length);
    const expected = 'means must be points of one number of coordinates';
    throw usageError('mixtureCoverage', expected, lengths);
  }
  const size = samples.length / dimensions;
  if (!Number.isInteger(size) || size === 0) {
    const expected = `samples must hold a positive multiple of ${dimensions} coordinates`;
    throw usageError('mixtureCoverage', expected, samples.length);
  }
  const nearest = new Int32Array(size);
  const isHighQuality: boolean[] = [];
  const counts = new Int32Array(means.length);
  for (let i = 0; i < size; i++) {
    let least = Infinity;
    means.forEach((mean, mode) => {
      let squared = 0;
      mean.forEach((m, axis) => (squared += (samples[dimensions * i + axis]! - m) ** 2));
      // Not `>=`, so that NaN is near nothing.
      if (!(squared < least)) return;
      least = squared;
      nearest[i] = mode;
    });
    const isNear = Math.sqrt(least) <= HIGH_QUALITY * standardDeviation;
    isHighQuality.push(isNear);
    if (isNear) counts[nearest[i]!]! += 1;
  }
  return {
    nearest,
    isHighQuality,
    counts,
    covered: counts.filter((n) => n > 0).length,
    highQuality: isHighQuality.filter(Boolean).length / size,
    divergence: modeCoverage(nearest, means.length).divergence,
  };
}
