import { expect } from 'vitest';
import { allclose, type Tolerance, type Values } from './allclose';

/**
 * `allclose` as a matcher. Importing this package registers it:
 * `expect(tensor).toBeAllclose([1, 2], { rtol: 1e-4 })`.
 */
export function toBeAllclose(actual: Values, expected: Values, tolerance: Tolerance = {}) {
  const { pass, message } = allclose(actual, expected, tolerance);
  return { pass, message: () => `toBeAllclose: ${message}` };
}

declare module 'vitest' {
  // The type parameter has to be named and bounded as vitest declares it.
  // oxlint-disable-next-line typescript/no-explicit-any
  interface Matchers<T = any> {
    toBeAllclose(expected: Values, tolerance?: Tolerance): T;
  }
}

expect.extend({ toBeAllclose });
