import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder';

/**
 * Writes a file whole or not at all: under a temporary name beside it, flushed to the disk, then
 * renamed. Makes the folder if need be; an older file of the name is replaced.
 */
export async function writeFileAtomic(path: string, data: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await makeFolder(dirname(path));
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    // Some of the system's errors do not say which file.
    const { message } = error as Error;
    if (!message.includes(path)) (error as Error).message = `${message} (writing ${path})`;
    throw error;
  }
}

/** {@link writeFileAtomic} of a value as indented JSON. */
export function writeJson(path: string, value: unknown): Promise<void> {
  return writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}
