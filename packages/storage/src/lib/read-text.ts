import { readFile } from 'node:fs/promises';
import { nameFile } from './name-file';

/** The text of a file, or `undefined` if there is none. @throws an error that names the file. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw nameFile(error, path, 'reading');
  }
}
