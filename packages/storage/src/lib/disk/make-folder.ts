import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { flushFolder } from './flush-folder';

/**
 * Makes a folder and those above it, unless they exist, to outlive a power cut.
 *
 * Node's own `mkdir` with `recursive` never returns where the file system answers ENOENT for a
 * folder that exists, as /proc does (Node 20).
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeOne(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await makeOne(path);
  }
}

async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw error;
  }
  await flushFolder(dirname(path));
}
