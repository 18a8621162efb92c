const MARKER = Symbol.for('ganloom.error');
const USAGE_MARKER = Symbol.for('ganloom.usage-error');

/**
 * Something is wrong with data or the environment: a file, a batch, the disk. The message says where,
 * what was expected, what came and what to do.
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

/** A wrong argument: a setting or a shape that the caller can mend by calling differently. */
export class UsageError extends GanloomError {
  override readonly name = 'UsageError';
  readonly [USAGE_MARKER] = true;

  static override isInstance(value: unknown): value is UsageError {
    return isMarked(value, USAGE_MARKER);
  }
}

/** A {@link GanloomError} that says `where: expected, got received; remedy`. */
export function ganloomError(
  where: string,
  expected: string,
  received: unknown,
  remedy?: string,
): GanloomError {
  return new GanloomError(sentence(where, expected, received, remedy));
}

/** A {@link UsageError} that says `where: expected, got received; remedy`. */
export function usageError(
  where: string,
  expected: string,
  received: unknown,
  remedy?: string,
): UsageError {
  return new UsageError(sentence(where, expected, received, remedy));
}

function sentence(where: string, expected: string, received: unknown, remedy?: string): string {
  return `${where}: ${expected}, got ${describe(received)}${remedy ? `; ${remedy}` : ''}`;
}

function describe(value: unknown): string {
  if (typeof value === 'string') return `"${value}"`;
  if (Array.isArray(value)) return `[${value.join(',')}]`;
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return String(value);
}

function isMarked(value: unknown, marker: symbol): boolean {
  return typeof value === 'object' && value !== null && marker in value;
}
