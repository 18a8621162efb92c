import type { Schedule } from '@ganloom/core';

/** The length of an optimizer's steps: always the same, or by a schedule. */
export type LearningRate = number | Schedule;
