import type { Schedule } from '@ganloom/core';
import { requireRates } from './check-schedule';

/**
 * A schedule that is the same number always.
 *
 * @throws UsageError if `value` is no number of at least 0.
 */
export function constant(value: number): Schedule {
  requireRates('constant', { value });
  return { name: `constant ${value}`, at: () => value };
}
