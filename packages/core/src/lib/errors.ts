const MARKER = Symbol.for('ganloom.error');
const USAGE_MARKER = Symbol.for('ganloom.usage-error');

/**
 * An error that says where, what was expected, what came and what to do.
 *
 * `isInstance` works across several installed copies of the package.
 */
export class GanloomError extends Error {
  override readonly name: string = 'GanloomError';
  readonly [MARKER] = true;

  static isInstance(value: unknown): value is GanloomError {
    return isMarked(value, MARKER);
  }
}

/** A wrong argument or setting, which the user can mend by calling differently. */
export class UsageError extends GanloomError {
  override readonly name = 'UsageError';
  readonly [USAGE_MARKER] = true;

  static override isInstance(value: unknown): value is UsageError {
    return isMarked(value, USAGE_MARKER);
  }
}

/** Builds `where: expected, got received; remedy`. */
export function ganloomError(
  where: string,
  expected: string,
  received: unknown,
  remedy?: string,
): GanloomError {
  const got = typeof received === 'string' ? `"${received}"` : describe(received);
  return new GanloomError(`${where}: ${expected}, got ${got}${remedy ? `; ${remedy}` : ''}`);
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `[${value.join(',')}]`;
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return String(value);
}

function isMarked(value: unknown, marker: symbol): boolean {
  return typeof value === 'object' && value !== null && marker in value;
}
