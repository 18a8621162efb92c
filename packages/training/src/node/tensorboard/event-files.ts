import { readdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { nameFile } from '../name-file';
import { stepOfEvent } from './event';
import { decodeRecords } from './tf-record';

const NAME = /^events\.out\.tfevents\.\d+/;

/** The names of the event files in a folder, oldest first. */
export async function eventFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => NAME.test(name)).sort();
}

/**
 * Cuts event files off behind the last event of `step`, as a resumed run will write the later steps
 * again, and what a kill left unfinished.
 */
export async function dropEventsAfter(folder: string, step: number): Promise<void> {
  for (const name of await eventFiles(folder)) {
    const path = join(folder, name);
    const file = await readFile(path).catch((error) => {
      throw nameFile(error, path, 'reading');
    });
    let end = 0;
    for (const record of decodeRecords(file)) {
      if (stepOfEvent(record.data) > step) break;
      end = record.end;
    }
    if (end === file.length) continue;
    await truncate(path, end).catch((error) => {
      throw nameFile(error, path, 'writing');
    });
  }
}
