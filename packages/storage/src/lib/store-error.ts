import { GanloomError } from '@ganloom/core';

/** What a {@link StoreError} is told. */
export interface StoreErrorOptions {
  /** What people call the name that it is about. */
  readonly place: string;
  readonly doing: 'reading' | 'writing';
  /** A right is missing, so that trying once more is of no use. */
  readonly isDenied?: boolean;
  readonly cause?: unknown;
}

/** The medium of a store says no: it is full, broken, or not to be touched. */
export class StoreError extends GanloomError {
  readonly isDenied: boolean;

  constructor(
    /** What the medium says. */
    readonly reason: string,
    { place, doing, isDenied = false, cause }: StoreErrorOptions,
  ) {
    // Some of the system's errors do not say which file they are about.
    super(reason.includes(place) ? reason : `${reason} (${doing} ${place})`);
    this.isDenied = isDenied;
    if (cause !== undefined) this.cause = cause;
  }

  static override isInstance(value: unknown): value is StoreError {
    return GanloomError.isInstance(value) && 'isDenied' in value;
  }
}

/** What the medium of a store says by an error, without the place that it is about; else its message. */
export function reasonOf(error: unknown): string {
  return StoreError.isInstance(error) ? error.reason : (error as Error).message;
}

/** Somebody else holds a lease. */
export class LeaseHeldError extends GanloomError {
  constructor(
    readonly place: string,
    /** Who: `process 4711`. */
    readonly holder: string,
    /** When the lease began, as ISO 8601. */
    readonly since: string,
  ) {
    super(
      `${place} must have one holder at a time, but ${holder} has it since ${since}; ` +
        'wait for its end, or end it',
    );
  }

  static override isInstance(value: unknown): value is LeaseHeldError {
    return GanloomError.isInstance(value) && 'holder' in value;
  }
}
