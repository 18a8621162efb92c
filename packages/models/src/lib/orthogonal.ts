import type { RandomStream } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

const WORD = 2 ** -32;

/**
 * A random orthogonal matrix times `gain`, `[rows, columns]` with all dimensions but the last as rows:
 * its columns, or its rows if they are fewer, are at right angles and of length `gain`.
 *
 * Saxe, McClelland and Ganguli 2013, arXiv 1312.6120. Gram–Schmidt on normal numbers, which favors no
 * direction.
 */
export function orthogonal(
  shape: readonly number[],
  gain: number,
  random: RandomStream,
): tf.Tensor {
  const columns = shape.at(-1)!;
  const rows = tf.util.sizeFromShape([...shape]) / columns;
  const [few, many] = [Math.min(rows, columns), Math.max(rows, columns)];
  const vectors: Float64Array[] = [];
  for (let k = 0; k < few; k++) {
    const vector = normals(many, random);
    // Twice, as rounding leaves a little of the others.
    for (let round = 0; round < 2; round++) {
      for (const other of vectors) {
        const along = vector.reduce((sum, v, i) => sum + v * other[i]!, 0);
        for (let i = 0; i < many; i++) vector[i]! -= along * other[i]!;
      }
    }
    const norm = Math.sqrt(vector.reduce((sum, v) => sum + v * v, 0));
    vectors.push(vector.map((v) => v / norm));
  }
  const values = Float32Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    return gain * (rows >= columns ? vectors[column]![row]! : vectors[row]![column]!);
  });
  return tf.tensor(values, [...shape], 'float32');
}

function normals(count: number, random: RandomStream): Float64Array {
  const words = random.words(2 * count);
  return Float64Array.from({ length: count }, (_, i) => {
    const radius = Math.sqrt(-2 * Math.log((words[2 * i]! + 0.5) * WORD));
    return radius * Math.cos(2 * Math.PI * words[2 * i + 1]! * WORD);
  });
}
