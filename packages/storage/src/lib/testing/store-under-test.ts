import type { Store } from '../store';

/** An empty store, and what can be done to it. */
export interface StoreUnderTest {
  readonly store: Store;
  /** What another program sees that opens it now; for stores that outlive a program. */
  reopen?(): Store;
  /** Does some work on a medium that fails; for stores whose medium can. */
  onBadMedium?(medium: BadMedium, work: () => Promise<unknown>): Promise<Failure>;
  /** Takes everything away. */
  dispose?(): Promise<void>;
}

/** Which calls of a medium fail. */
export interface BadMedium {
  /** The call of the medium that fails, from 1; what a write could take before is half of it. */
  readonly at: number;
  /** All later calls fail, too: as after a kill, nothing more is done. */
  readonly forGood: boolean;
}

/** What came of work on a medium that fails. */
export interface Failure {
  /** What the work was rejected with, if it was. */
  readonly error: Error | undefined;
  /** The calls of the medium that there were, failed ones included. */
  readonly calls: number;
}
