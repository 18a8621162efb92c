import { requireCounts, type Schedule, valueAt } from '@ganloom/core';
import type { LearningRate } from '../learning-rate';

/** Settings of {@link warmUp}. */
export interface WarmUpOptions {
  /** Updates until the schedule is reached. */
  readonly updates: number;
}

/**
 * A schedule that begins with small steps:
 *
 * at(n) = schedule(n) · min(1, (n + 1) / updates)
 *
 * Goyal et al. 2017, arXiv 1706.02677, section 2.2. The schedule itself is not put off.
 *
 * @throws UsageError if `updates` is no positive integer.
 */
export function warmUp(schedule: LearningRate, { updates }: WarmUpOptions): Schedule {
  requireCounts('warmUp', { updates });
  const name = typeof schedule === 'number' ? `${schedule}` : schedule.name;
  return {
    name: `${name}, warmed up in ${updates} updates`,
    at: (update) => valueAt(schedule, update) * Math.min(1, (update + 1) / updates),
  };
}
