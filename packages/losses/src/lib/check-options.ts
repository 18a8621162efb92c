import { ganloomError } from '@ganloom/core';

/** @throws if the value is negative or not finite. */
export function requireNotNegative(where: string, name: string, value: number): void {
  if (!(value >= 0 && Number.isFinite(value))) {
    throw ganloomError(where, `${name} must be a number from 0`, value);
  }
}

/** @throws if the value is not a positive integer. */
export function requireSteps(where: string, every: number | undefined): void {
  if (every !== undefined && !(Number.isSafeInteger(every) && every >= 1)) {
    throw ganloomError(where, 'every must be a positive integer', every, 'use 1 for each step');
  }
}
