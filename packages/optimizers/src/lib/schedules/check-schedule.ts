import { UsageError } from '@ganloom/core';

/** @throws UsageError if one of the settings of a schedule is below 0 or no number. */
export function requireRates(where: string, rates: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(rates)) {
    if (!(Number.isFinite(value) && value >= 0)) {
      throw new UsageError(`${where}: ${name} must be a number of at least 0, got ${value}`);
    }
  }
}

/** @throws UsageError if a count of updates is no integer, or below `min`. */
export function requireUpdates(where: string, name: string, value: number, min = 1): void {
  if (!Number.isSafeInteger(value) || value < min) {
    throw new UsageError(`${where}: ${name} must be an integer of at least ${min}, got ${value}`);
  }
}
