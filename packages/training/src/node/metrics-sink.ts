import { appendFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Sink } from '../lib/events';
import { makeFolder } from './make-folder';

/** Appends `{"step", "seconds", "losses", "statistics"}` to a JSON Lines file at each logged step. */
export function metricsSink(path: string): Sink {
  return async (event) => {
    if (event.type === 'start') await makeFolder(dirname(path));
    if (event.type !== 'metrics') return;
    const { step, seconds, losses, statistics } = event;
    await appendFile(path, `${JSON.stringify({ step, seconds, losses, statistics })}\n`);
  };
}
