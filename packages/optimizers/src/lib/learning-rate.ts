import type { Schedule } from '@ganloom/core';

/**
 * The length of an optimizer's steps: always the same, or by a schedule, which is asked with the updates
 * of the variable made before.
 */
export type LearningRate = number | Schedule;
