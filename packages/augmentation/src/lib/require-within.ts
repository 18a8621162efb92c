import { UsageError } from '@ganloom/core';

/** @throws UsageError if a setting is not in [low, high]. */
export function requireWithin(
  where: string,
  settings: Readonly<Record<string, number>>,
  low: number,
  high: number,
): void {
  for (const [name, value] of Object.entries(settings)) {
    if (value >= low && value <= high) continue;
    const range = high === Infinity ? `at least ${low}` : `from ${low} to ${high}`;
    throw new UsageError(`${where}: ${name} must be ${range}, got ${value}`);
  }
}
