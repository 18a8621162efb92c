/**
 * Named bytes, somewhere: on a disk, in memory, in a browser.
 *
 * Names are relative, of parts between slashes: `checkpoints/step-000500/manifest.json`. A part is not
 * empty, not `.` or `..`, and has no backslash. A name holds bytes or has others below it, not both.
 *
 * Every method throws a `UsageError` for another name, and a `StoreError` that says which place it is
 * about when the medium says no.
 */
export interface Store {
  /** What people call a name, or the store itself, in messages: a path on a disk. */
  describe(name?: string): string;
  /** The bytes of a name, a copy; undefined if there are none. */
  get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** The number of bytes of a name; undefined if there are none. */
  size(name: string): Promise<number | undefined>;
  /**
   * Puts bytes in the place of what the name held: whole or not at all, whatever is killed or full, and
   * to outlive a power cut as soon as it resolves. After an error the name holds what it held, or the
   * new bytes where only their outliving is in doubt.
   */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /**
   * Adds a piece to the end of what the name holds, which may be nothing: whole or not at all. What a
   * full medium took of it is never seen behind the error. Pieces of one store object go in the order
   * of the calls. Only a kill may leave the last piece in part.
   */
  append(name: string, piece: Uint8Array, options?: AppendOptions): Promise<void>;
  /** Keeps the first `size` bytes; does nothing where there are not more. */
  truncate(name: string, size: number): Promise<void>;
  /**
   * The parts that come next in the names below a prefix, or of all names, sorted: `['step-000500']` of
   * `checkpoints`. None if there is no such name. A part may stay listed after the names below it are gone.
   */
  list(prefix?: string): Promise<string[]>;
  /** Removes a name and all below it, if they are there. A kill may leave some of those below. */
  remove(name: string): Promise<void>;
  /**
   * Makes the caller the only one who holds a name, among all programs that use the store. A lease ends
   * by `release`, or with its holder: what a killed one has left is taken over at once, and what it left
   * half-written beside and below the name may be cleared away.
   *
   * @throws LeaseHeldError if another has it.
   */
  lease(name: string, options?: LeaseOptions): Promise<Lease>;
  /** The names below a prefix as a store of their own. */
  within(prefix: string): Store;
}

/** What can be read of a store: all that loading needs. */
export interface ReadableStore extends Pick<Store, 'describe' | 'get'> {
  within(prefix: string): ReadableStore;
}

/** How a piece is appended. */
export interface AppendOptions {
  /** Waits until the piece outlives a power cut. Default false. */
  readonly durable?: boolean;
}

/** How a lease is taken. */
export interface LeaseOptions {
  /** Is told of what the lease cannot be sure of; default: a line to the error output. */
  readonly warn?: (message: string) => void;
}

/** The right to be the only holder of a name. */
export interface Lease {
  /** Whether it still is the caller's, so that who has lost it can stop. */
  isHeld(): Promise<boolean>;
  /** Lets others have it; never throws. */
  release(): Promise<void>;
}
