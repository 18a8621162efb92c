import type { RandomStream } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/** Values that are further out are drawn again, in standard deviations. */
const LIMIT = 2;
const WORD = 2 ** -32;

/**
 * Numbers of N(mean, stddev) within two standard deviations of the mean, as `tf.truncatedNormal`, but
 * from a seeded stream; by the Box–Muller transform, off the backend, so that nothing is read back.
 */
export function truncatedNormal(
  shape: readonly number[],
  mean: number,
  stddev: number,
  random: RandomStream,
): tf.Tensor {
  const values = new Float32Array(tf.util.sizeFromShape([...shape]));
  let done = 0;
  while (done < values.length) {
    // Two words make two numbers, of which one in twenty is left out.
    const words = random.words(2 * Math.ceil((values.length - done) / 2));
    for (let i = 0; i < words.length; i += 2) {
      const radius = Math.sqrt(-2 * Math.log((words[i]! + 0.5) * WORD));
      const angle = 2 * Math.PI * words[i + 1]! * WORD;
      for (const value of [radius * Math.cos(angle), radius * Math.sin(angle)]) {
        if (Math.abs(value) < LIMIT && done < values.length) values[done++] = mean + stddev * value;
      }
    }
  }
  return tf.tensor(values, [...shape], 'float32');
}
