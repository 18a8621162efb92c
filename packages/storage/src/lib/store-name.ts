import { UsageError } from '@ganloom/core';

/**
 * The parts of a name in a store.
 *
 * @throws UsageError if it is not relative, leaves the store, or has an empty part or a backslash.
 */
export function partsOf(name: string): string[] {
  const parts = name.split('/');
  const isGood = (part: string) =>
    part !== '' && part !== '.' && part !== '..' && !/[\\\0]/.test(part);
  if (!parts.every(isGood)) {
    throw new UsageError(
      `a name in a store must be parts between slashes, none of them empty, "." or "..", without ` +
        `backslashes, got "${name}"; write it as in "samples/step-000500.png"`,
    );
  }
  return parts;
}
