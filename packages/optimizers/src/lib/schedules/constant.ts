import { requireNumbers, type Schedule } from '@ganloom/core';

/**
 * A schedule that is the same number always.
 *
 * @throws UsageError if `value` is no number of at least 0.
 */
export function constant(value: number): Schedule {
  requireNumbers('constant', { value }, { min: 0 });
  return { name: `constant ${value}`, at: () => value };
}
