import { UsageError } from '@ganloom/core';

/** @throws UsageError if one is no positive integer. */
export function requireCounts(where: string, counts: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(counts)) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new UsageError(`${where}: ${name} must be a positive integer, got ${value}`);
    }
  }
}
