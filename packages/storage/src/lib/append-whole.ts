import { appendFile, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { GanloomError } from '@ganloom/core';
import { makeFolder } from './make-folder';

/** What is written to the end of a file, bit by bit. */
export interface WholeAppender {
  /** Appends a piece, behind those that could not be written before. */
  append(piece: Uint8Array | string): Promise<void>;
  /** Tries once more to write what could not be written; the last chance, so the error says what is lost. */
  finish(): Promise<void>;
}

export interface AppendWholeOptions {
  /** Waits until the disk has it. Default false. */
  readonly flush?: boolean;
}

/**
 * Appends pieces to a file, whole, in order, none lost and none doubled, though the disk is full for a
 * while: a piece that was written in part is cut off again, and goes to the file with the next one.
 * Makes the folder if need be. One call at a time.
 *
 * The methods throw GanloomError, which names the file, when the disk says no.
 */
export function appendWhole(
  path: string,
  { flush = false }: AppendWholeOptions = {},
): WholeAppender {
  const waiting: Uint8Array[] = [];
  /** Where the file ended before a piece that may stand there in part. */
  let whole: number | undefined;

  const cutBack = async () => {
    if (whole === undefined) return;
    // A longer one is never made of it: it may have been taken away.
    if (((await sizeOf(path)) ?? 0) > whole) await truncate(path, whole);
    whole = undefined;
  };
  const write = async () => {
    if (waiting.length === 0) return;
    const bytes = Buffer.concat(waiting);
    await cutBack();
    const size = await sizeOf(path);
    if (size === undefined) await makeFolder(dirname(path));
    whole = size ?? 0;
    try {
      await appendFile(path, bytes, { flush });
    } catch (error) {
      // Otherwise before the next attempt.
      await cutBack().catch(() => undefined);
      throw error;
    }
    whole = undefined;
    waiting.length = 0;
  };
  const failure = (error: unknown, rest: string) =>
    new GanloomError(`${path} could not be written: ${(error as Error).message}; ${rest}`);

  return {
    async append(piece) {
      waiting.push(Buffer.from(piece));
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

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
