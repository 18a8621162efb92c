import { type Critique, ganloomError } from '@ganloom/core';
import type * as tf from '@tensorflow/tfjs';

/** @throws GanloomError if the critique has no such output. */
export function outputOf(where: string, critique: Critique, name: string): tf.Tensor {
  const output = critique[name];
  if (output === undefined) {
    throw ganloomError(
      where,
      `critiques must have an output "${name}"`,
      Object.keys(critique),
      'let the game return it, or name another',
    );
  }
  return output;
}
