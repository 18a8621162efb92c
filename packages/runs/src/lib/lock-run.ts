import { GanloomError, UsageError } from '@ganloom/core';
import {
  type Lease,
  LeaseHeldError,
  type LeaseOptions,
  reasonOf,
  type Store,
} from '@ganloom/storage';
import { runNames } from './run-names';

/**
 * Checks that a store has room for a new run.
 *
 * @throws UsageError if something is there already.
 */
export async function requireNewRun(run: Store): Promise<void> {
  // A kill may leave a lock and nothing else.
  const others = (await run.list()).filter((name) => !name.startsWith(runNames.lock));
  if (others.length === 0) return;
  throw new UsageError(
    `a new run needs a new or empty place, but ${run.describe()} is not empty; ` +
      'choose another, or resume the run in it',
  );
}

/**
 * Makes this the only training of a run, by the lease `run.lock` in its store. That of a process which
 * does not run any more, as after a kill or a power cut, is taken over at once.
 *
 * @throws GanloomError if another training has it, or it cannot be written.
 */
export async function lockRun(run: Store, options: LeaseOptions = {}): Promise<Lease> {
  const place = run.describe(runNames.lock);
  try {
    return await run.lease(runNames.lock, options);
  } catch (error) {
    if (LeaseHeldError.isInstance(error)) {
      const { holder, since } = error;
      throw new GanloomError(
        `${run.describe()} must have one training at a time, but ${holder} trains there since ` +
          `${since}; wait for its end, or end it; if it trains in a folder that this is a copy of, remove ${place}`,
      );
    }
    throw new GanloomError(
      `${place} must be written before training begins, but: ${reasonOf(error)}; ` +
        'make room on the disk, or choose another place',
    );
  }
}
