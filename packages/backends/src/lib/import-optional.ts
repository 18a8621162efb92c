import { GanloomError } from '@ganloom/core';

/**
 * Imports an optional peer dependency.
 *
 * @throws GanloomError that says whether it is missing or broken, and what to do.
 */
export async function importOptional<T>(
  name: string,
  load: () => Promise<T>,
  remedy = 'see its own requirements, or choose the wasm backend',
): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const code = (error as { code?: unknown } | undefined)?.code;
    // A package that misses a part of its own is installed, but broken.
    if (String(code).endsWith('MODULE_NOT_FOUND') && new RegExp(`['"]${name}['"]`).test(reason)) {
      throw new GanloomError(
        `useBackend: the package ${name} is not installed; npm install ${name}, or choose the wasm backend`,
      );
    }
    throw new GanloomError(`useBackend: the package ${name} does not load: ${reason}; ${remedy}`);
  }
}
