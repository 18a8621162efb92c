import type { Schedule } from '@ganloom/core';

/** The length of an optimizer's steps: always the same, or by a schedule. */
export type LearningRate = number | Schedule;

/** What a setting is in the update that has `update` others before it. */
export function valueAt(setting: number | Schedule, update: number): number {
  return typeof setting === 'number' ? setting : setting.at(update);
}
