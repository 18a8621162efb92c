import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { indentedJson } from '../store-text';
import { diskError } from './disk-error';
import { flushFolder } from './flush-folder';
import { makeFolder } from './make-folder';
import { temporaryFor } from './temporary-files';

/**
 * Writes a file whole or not at all: under a temporary name beside it, flushed to the disk, then
 * renamed, and the name flushed too. Makes the folder if need be; an older file of the name is replaced.
 *
 * @throws StoreError, which names the file, when the disk says no.
 */
export async function writeFileAtomic(path: string, data: Uint8Array | string): Promise<void> {
  const temporary = temporaryFor(path);
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
    await flushFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw diskError(error, path, 'writing');
  }
}

/** {@link writeFileAtomic} of a value as indented JSON. */
export function writeJson(path: string, value: unknown): Promise<void> {
  return writeFileAtomic(path, indentedJson(value));
}
