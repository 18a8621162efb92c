import { GanloomError } from '@ganloom/core';

/** Why a backend does not start here, and what would change that: a command, or a step to take. */
export interface Unavailable {
  readonly missing: string;
  readonly remedy: string;
}

/** What `useBackend` throws then. */
export function unavailableError({ missing, remedy }: Unavailable, more?: string): GanloomError {
  return new GanloomError(
    `useBackend: ${missing}; ${more === undefined ? remedy : `${remedy}, or ${more}`}`,
  );
}

/** What an import of an optional peer dependency, or the search for it, failed with. */
export interface LoadFailure {
  readonly code?: unknown;
  readonly message: string;
  /** What would change that, where it is known. */
  readonly remedy?: string;
}

/**
 * Whether a package is missing or broken.
 *
 * @param packages all that the command installs; default: the one
 */
export function whyNotLoaded(
  name: string,
  { code, message, remedy }: LoadFailure,
  packages: readonly string[] = [name],
  broken = 'see its own requirements',
): Unavailable {
  // A package that misses a part of its own is installed, but broken.
  if (String(code).endsWith('MODULE_NOT_FOUND') && new RegExp(`['"]${name}['"]`).test(message)) {
    return {
      missing: `the package ${name} is not installed`,
      remedy: `npm install ${packages.join(' ')}`,
    };
  }
  if (message.includes('tfjs_binding.node')) {
    return {
      missing: `the package ${name} is without libtensorflow, which its install step downloads`,
      remedy: `npm rebuild ${name}`,
    };
  }
  return {
    missing: `the package ${name} does not load: ${message.trim().split('\n')[0]}`,
    remedy: remedy ?? broken,
  };
}
