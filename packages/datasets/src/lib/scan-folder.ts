import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { ganloomError } from '@ganloom/core';

/**
 * The paths below a folder, relative to it, of the files with one of the endings (lower case, with
 * their dots), sorted by code units, so that the order is the same on every machine. Names that
 * begin with a dot are passed over.
 *
 * @throws GanloomError if the folder cannot be read.
 */
export async function scanFolder(folder: string, endings: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const visit = async (inside: string): Promise<void> => {
    const entries = await readdir(join(folder, inside), { withFileTypes: true }).catch(
      (error: Error) => {
        const expected = `the folder ${join(folder, inside)} must be readable`;
        throw ganloomError('scanFolder', expected, error.message, 'check the path');
      },
    );
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
      if (entry.isDirectory()) await visit(path);
      else if (!endings.includes(extname(entry.name).toLowerCase())) continue;
      // Links to files count, links to folders may lead back here.
      else if (entry.isFile() || (await isFile(join(folder, path)))) found.push(path);
    }
  };
  await visit('');
  return found.sort();
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
