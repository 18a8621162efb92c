import type { Schedule } from './contracts';
import { UsageError } from './errors';

/**
 * What a setting is in the update that has `update` others before it.
 *
 * @throws UsageError if a schedule says what is not finite.
 */
export function valueAt(setting: number | Schedule, update: number): number {
  if (typeof setting === 'number') return setting;
  const value = setting.at(update);
  if (!Number.isFinite(value)) {
    throw new UsageError(
      `the schedule "${setting.name}" must be finite after ${update} updates, got ${value}; see its at()`,
    );
  }
  return value;
}
