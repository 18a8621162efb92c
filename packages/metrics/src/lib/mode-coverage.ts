import { ganloomError, requireCounts, usageError } from '@ganloom/core';

/** How samples spread over classes or modes. */
export interface ModeCoverage {
  /** Samples of each class, `[classes]`. */
  readonly counts: Int32Array;
  /** Classes with at least one sample. */
  readonly covered: number;
  /** KL(p ‖ uniform) = Σ p log(p · classes) in nats: 0 when even, log(classes) when one is left. */
  readonly divergence: number;
}

/**
 * Counts the samples of each of `classes` classes and measures how uneven they are.
 *
 * The measures of Srivastava et al. 2017 (VEEGAN, arXiv 1705.07761) for data whose classes are
 * equally frequent.
 *
 * @param labels class index of each sample
 * @throws UsageError if there are no labels or classes; GanloomError if a label is not an integer in
 *   [0, classes).
 */
export function modeCoverage(labels: ArrayLike<number>, classes: number): ModeCoverage {
  requireCounts('modeCoverage', { classes });
  if (labels.length === 0) throw usageError('modeCoverage', 'labels must not be empty', []);
  const counts = new Int32Array(classes);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      const expected = `labels must be integers from 0 to ${classes - 1}`;
      throw ganloomError('modeCoverage', expected, label);
    }
    counts[label]! += 1;
  }
  let divergence = 0;
  let covered = 0;
  for (const count of counts) {
    if (count === 0) continue;
    covered++;
    const p = count / labels.length;
    divergence += p * Math.log(p * classes);
  }
  return { counts, covered, divergence: Math.max(0, divergence) };
}
