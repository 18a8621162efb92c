import type { Store } from '@ganloom/storage';
import { stepOfEvent } from './event';
import { decodeRecords } from './tf-record';

const NAME = /^events\.out\.tfevents\.\d+/;

/** The names of a run's event files, oldest first. */
export async function eventFiles(run: Store): Promise<string[]> {
  return (await run.list()).filter((name) => NAME.test(name)).sort();
}

/**
 * Cuts event files of a run off behind the last event of `step`, as a resumed run will write the later
 * steps again, and what a kill left unfinished.
 */
export async function dropEventsAfter(run: Store, step: number): Promise<void> {
  for (const name of await eventFiles(run)) {
    const file = (await run.get(name)) ?? new Uint8Array(0);
    let end = 0;
    for (const record of decodeRecords(file)) {
      if (stepOfEvent(record.data) > step) break;
      end = record.end;
    }
    if (end < file.length) await run.truncate(name, end);
  }
}
