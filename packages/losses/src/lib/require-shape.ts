import { ganloomError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/** @throws GanloomError if `made` has another shape than `wanted`: TensorFlow.js would repeat the smaller one. */
export function requireShape(
  where: string,
  [what, made]: readonly [string, tf.Tensor],
  [of, wanted]: readonly [string, tf.Tensor],
  remedy: string,
): void {
  if (!tf.util.arraysEqual(made.shape, wanted.shape)) {
    const expected = `${what} must have the shape [${wanted.shape}] of ${of}`;
    throw ganloomError(where, expected, made.shape, remedy);
  }
}
