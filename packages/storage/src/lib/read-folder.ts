import { readdir } from 'node:fs/promises';
import { nameFile } from './name-file';

/** The names in a folder, none if there is no such folder. @throws an error that names the folder. */
export async function readFolder(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw nameFile(error, path, 'reading');
  }
}
