import { randomUUID } from 'node:crypto';
import { open, readFile, rm, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Lease, LeaseOptions } from '../store';
import { LeaseHeldError } from '../store-error';
import { diskError, isAbsent } from './disk-error';
import { makeFolder } from './make-folder';
import { isRunning, type ProcessIdentity, processIdentity } from './process-identity';
import { sweepTemporaries } from './temporary-files';

/** What a lease says: who has it, and since when. */
interface Holder extends ProcessIdentity {
  readonly since: string;
  /** Tells apart what one process takes at one time. */
  readonly id: string;
}

// Between the making of a lease and its writing.
const WRITING_MILLISECONDS = 200;
const TAKING_OVER_MILLISECONDS = 10;
const HEARTBEAT_MILLISECONDS = 5000;

/** Leases that this process has given up, by their ids: their files may stand, as the disk says no. */
const givenUp = new Set<string>();

/**
 * Makes this process the only holder of a file, which says so. The file of a process that does not run
 * any more, as after a kill or a power cut, is taken over at once; so is, with a warning, that of
 * another machine. While it is held, the time of its last change is renewed every few seconds. Who gets
 * it clears away what killed processes have left half-written in the folder.
 *
 * @throws LeaseHeldError if another process has it; StoreError if the file cannot be written.
 */
export async function leaseFile(path: string, options: LeaseOptions = {}): Promise<Lease> {
  const { warn = (message: string) => console.error(`warning: ${message}`) } = options;
  const since = new Date().toISOString();
  const mine: Holder = { ...(await processIdentity()), since, id: randomUUID() };
  const refuse = (other: Holder) => {
    throw new LeaseHeldError(path, `process ${other.pid}`, other.since);
  };
  const held = await take(path, mine, warn, refuse);
  await sweepTemporaries(dirname(path));
  const beat = () => void held.renew().catch(() => undefined);
  const heart = setInterval(beat, HEARTBEAT_MILLISECONDS).unref();
  return {
    isHeld: held.isHeld,
    async release() {
      clearInterval(heart);
      await held.release();
    },
  };
}

interface HeldFile extends Lease {
  /** Says that the holder lives. */
  renew(): Promise<void>;
}

async function take(
  path: string,
  mine: Holder,
  warn: (message: string) => void,
  whileHeld: (other: Holder) => void | Promise<void>,
): Promise<HeldFile> {
  const written = `${JSON.stringify(mine)}\n`;
  while (!(await create(path, written, mine.id))) {
    const text = await readFinished(path);
    if (text === undefined) continue;
    const other = parse(text);
    if (other && !givenUp.has(other.id) && (await isRunning(other))) {
      await whileHeld(other);
      continue;
    }
    if (other && other.host !== mine.host) {
      warn(
        `process ${other.pid} on ${other.host} has left ${path}; if it still runs, end one of the two`,
      );
    }
    // One at a time may remove a void lease, or it could be the one put in its place meanwhile.
    const claimer = { ...mine, id: randomUUID() };
    const claim = await take(`${path}.claim`, claimer, warn, () => wait(TAKING_OVER_MILLISECONDS));
    try {
      if ((await readText(path)) === text) await rm(path, { force: true });
    } finally {
      await claim.release();
    }
  }
  const isHeld = async () => (await readText(path)) === written;
  return {
    isHeld,
    async renew() {
      const now = new Date();
      if (await isHeld()) await utimes(path, now, now);
    },
    async release() {
      try {
        if (await isHeld()) await rm(path, { force: true });
      } catch {
        givenUp.add(mine.id);
      }
    },
  };
}

/** False if there is one already. */
async function create(path: string, text: string, id: string): Promise<boolean> {
  try {
    await makeFolder(dirname(path));
    const file = await open(path, 'wx');
    try {
      try {
        await file.writeFile(text);
      } finally {
        await file.close();
      }
    } catch (error) {
      await rm(path, { force: true }).catch(() => givenUp.add(id));
      throw error;
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw diskError(error, path, 'writing');
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw diskError(error, path, 'reading');
  }
}

/** The text of a lease, undefined if it is gone. */
async function readFinished(path: string): Promise<string | undefined> {
  const text = await readText(path);
  if (text === undefined || parse(text)) return text;
  await wait(WRITING_MILLISECONDS);
  return readText(path);
}

/** Undefined of a lease that a kill or a power cut left unwritten. */
function parse(text: string): Holder | undefined {
  try {
    const found = JSON.parse(text) as Holder;
    return Number.isInteger(found?.pid) && found.pid > 0 ? found : undefined;
  } catch {
    return undefined;
  }
}
