import { GanloomError } from '@ganloom/core';
import { joinedBytes } from './joined-bytes';
import type { AppendOptions, Store } from './store';
import { reasonOf } from './store-error';

/** What is written to the end of a name, bit by bit. */
export interface WholeAppender {
  /** Appends a piece, behind those that could not be written before. */
  append(piece: Uint8Array | string): Promise<void>;
  /** Tries once more to write what could not be written; the last chance, so the error says what is lost. */
  finish(): Promise<void>;
}

/**
 * Appends pieces to what a name holds, whole, in order, none lost and none doubled, though the store is
 * full for a while: a piece that could not be written goes with the next one. One call at a time.
 *
 * The methods throw GanloomError, which names the place, when the store says no.
 */
export function appendWhole(
  store: Store,
  name: string,
  options: AppendOptions = {},
): WholeAppender {
  const waiting: Uint8Array[] = [];

  const write = async () => {
    if (waiting.length === 0) return;
    await store.append(name, joinedBytes(waiting), options);
    waiting.length = 0;
  };
  const failure = (error: unknown, rest: string) =>
    new GanloomError(`${store.describe(name)} could not be written: ${reasonOf(error)}; ${rest}`);

  return {
    async append(piece) {
      waiting.push(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece.slice());
      try {
        await write();
      } catch (error) {
        throw failure(error, 'what belongs there is kept, and written when the disk has room');
      }
    },
    async finish() {
      try {
        await write();
      } catch (error) {
        throw failure(error, `its last ${waiting.length} entries are lost`);
      }
    },
  };
}
