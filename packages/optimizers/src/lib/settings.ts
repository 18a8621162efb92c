import type { NumberRange, Schedule } from '@ganloom/core';

/** Of a moving average, how much of the past each update keeps. */
export const SHARE: NumberRange = { min: 0, below: 1 };

/** Whether one of the settings of an optimizer changes with its updates. */
export function isScheduled(...settings: readonly (number | Schedule)[]): boolean {
  return settings.some((setting) => typeof setting !== 'number');
}
