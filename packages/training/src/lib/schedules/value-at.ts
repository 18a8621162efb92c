import type { Schedule } from '@ganloom/core';

/** What a setting is in the update that has `update` others before it. */
export function valueAt(setting: number | Schedule, update: number): number {
  return typeof setting === 'number' ? setting : setting.at(update);
}
