import { readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { nameFile, readFolder } from '@ganloom/storage/node';
import { stepOfEvent } from './event';
import { decodeRecords } from './tf-record';

const NAME = /^events\.out\.tfevents\.\d+/;

/** The names of the event files in a folder, oldest first. */
export async function eventFiles(folder: string): Promise<string[]> {
  const names = await readFolder(folder);
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
