import type { Schedule } from '@ganloom/core';

/** The length of an optimizer's steps: always the same, or by a schedule. */
export type LearningRate = number | Schedule;

/** The rate in the update that has `update` others before it. */
export function rateAt(learningRate: LearningRate, update: number): number {
  return typeof learningRate === 'number' ? learningRate : learningRate.at(update);
}
