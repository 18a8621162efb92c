import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { GanloomError } from '@ganloom/core';
import { isRunning, type ProcessIdentity, processIdentity, readText } from '@ganloom/storage/node';
import type { RunFolder } from './run-folder';

export interface RunLock {
  /** Lets others train in the folder; never throws. */
  release(): Promise<void>;
}

/** What a lock says: who has it, and since when. */
interface Holder extends ProcessIdentity {
  readonly since: string;
  /** Tells apart what one process takes at one time. */
  readonly id: string;
}

// Between the making of a lock and its writing.
const WRITING_MILLISECONDS = 200;
const TAKING_OVER_MILLISECONDS = 10;

/**
 * Makes this the only training in a run folder, by the file `run.lock` in it. The lock of a process that
 * does not run any more, as after a kill or a power cut, is taken over at once.
 *
 * @throws GanloomError if another training is in the folder, or the file cannot be written.
 */
export async function lockRunFolder({ path: folder, lock: path }: RunFolder): Promise<RunLock> {
  const since = new Date().toISOString();
  const mine: Holder = { ...(await processIdentity()), since, id: randomUUID() };
  return take(path, mine, (other) => {
    throw new GanloomError(
      `${folder} must have one training at a time, but process ${other.pid} trains there since ` +
        `${other.since}; wait for its end, or end it; if it trains in a folder that this is a copy of, remove ${path}`,
    );
  });
}

async function take(
  path: string,
  mine: Holder,
  whileHeld: (other: Holder) => Promise<void>,
): Promise<RunLock> {
  const written = `${JSON.stringify(mine)}\n`;
  while (!(await create(path, written))) {
    const text = await readWhole(path);
    if (text === undefined) continue;
    const other = parse(text);
    if (other && (await isRunning(other))) {
      await whileHeld(other);
      continue;
    }
    if (other && other.host !== mine.host) {
      console.error(
        `warning: process ${other.pid} on ${other.host} has left ${path}; if it still trains, end one of the two`,
      );
    }
    // One at a time may remove a void lock, or it could be the one put in its place meanwhile.
    const claim = await take(`${path}.claim`, mine, () => wait(TAKING_OVER_MILLISECONDS));
    try {
      if ((await readText(path)) === text) await rm(path, { force: true });
    } finally {
      await claim.release();
    }
  }
  return {
    async release() {
      // What cannot be removed is void as soon as this process ends.
      const text = await readText(path).catch(() => undefined);
      if (text === written) await rm(path, { force: true }).catch(() => undefined);
    },
  };
}

/** False if there is one already. */
async function create(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    try {
      try {
        await file.writeFile(text);
      } finally {
        await file.close();
      }
    } catch (error) {
      await rm(path, { force: true }).catch(() => undefined);
      throw error;
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new GanloomError(
      `${path} must be written before training begins, but: ${(error as Error).message}; ` +
        'make room on the disk, or choose another folder by --out',
    );
  }
}

/** The text of a lock, undefined if it is gone. */
async function readWhole(path: string): Promise<string | undefined> {
  const text = await readText(path);
  if (text === undefined || parse(text)) return text;
  await wait(WRITING_MILLISECONDS);
  return readText(path);
}

/** Undefined of a lock that a kill or a power cut left unwritten. */
function parse(text: string): Holder | undefined {
  try {
    const found = JSON.parse(text) as Holder;
    return Number.isInteger(found?.pid) && found.pid > 0 ? found : undefined;
  } catch {
    return undefined;
  }
}
