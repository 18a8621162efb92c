import { ganloomError, type Schedule } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/** @throws if the value is negative or not finite. */
export function requireNotNegative(where: string, name: string, value: number): void {
  if (!(value >= 0 && Number.isFinite(value))) {
    throw ganloomError(where, `${name} must be a number from 0`, value);
  }
}

/** @throws if the weight is a number, and negative or not finite. */
export function requireWeight(where: string, name: string, weight: number | Schedule): void {
  if (typeof weight === 'number') requireNotNegative(where, name, weight);
}

/** @throws if `made` has another shape than `wanted`: TensorFlow.js would repeat the smaller one. */
export function requireShape(
  where: string,
  [what, made]: readonly [string, tf.Tensor],
  [of, wanted]: readonly [string, tf.Tensor],
  remedy?: string,
): void {
  if (!tf.util.arraysEqual(made.shape, wanted.shape)) {
    const expected = `${what} must have the shape [${wanted.shape}] of ${of}`;
    throw ganloomError(where, expected, made.shape, remedy);
  }
}

/** @throws if the value is not a positive integer. */
export function requireSteps(where: string, every: number | undefined): void {
  if (every !== undefined && !(Number.isSafeInteger(every) && every >= 1)) {
    throw ganloomError(where, 'every must be a positive integer', every, 'use 1 for each step');
  }
}
