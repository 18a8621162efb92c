import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasPid } from './process-identity';

const TEMPORARY = /\.(\d+)-\d+\.tmp$/;
let count = 0;

/** Where a file is written before it gets its name: nobody else writes there. */
export function temporaryFor(path: string): string {
  return `${path}.${process.pid}-${count++}.tmp`;
}

/** Whether a file of this name is one that has not got its own yet. */
export function isTemporary(name: string): boolean {
  return TEMPORARY.test(name);
}

/** Removes what killed processes have left half-written in a folder and those below, as far as it can. */
export async function sweepTemporaries(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  for (const name of names) {
    const pid = TEMPORARY.exec(name)?.[1];
    if (pid === undefined || hasPid(Number(pid))) continue;
    await rm(join(folder, name), { force: true }).catch(() => undefined);
  }
}
