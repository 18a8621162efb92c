import { requireIntegers } from '@ganloom/core';

/** @throws UsageError that names the first index outside of a data set of `size` examples. */
export function requireIndices(where: string, indices: ArrayLike<number>, size: number): void {
  const range = { min: 0, max: size - 1 };
  for (let i = 0; i < indices.length; i++) {
    requireIntegers(where, { 'an index': indices[i]! }, range);
  }
}
