import { appendFile, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Sink } from '../lib/events';
import { makeFolder } from './make-folder';
import { writeFileAtomic } from './write-file-atomic';

/** Appends `{"step", "stage"?, "seconds", "losses", "statistics"}` to a JSON Lines file at each logged step. */
export function metricsSink(path: string): Sink {
  return async (event) => {
    if (event.type === 'start') await makeFolder(dirname(path));
    if (event.type !== 'metrics') return;
    const { step, stage, seconds, losses, statistics } = event;
    await appendFile(path, `${JSON.stringify({ step, stage, seconds, losses, statistics })}\n`);
  };
}

/**
 * Drops the lines of steps after `step`, which a resumed run will write again, and a last line that
 * was cut off when the run was killed.
 */
export async function dropMetricsAfter(path: string, step: number): Promise<void> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const lines = text.split('\n').slice(0, -1);
  const kept = lines.filter((line) => stepOf(line) <= step).map((line) => `${line}\n`);
  if (kept.join('') !== text) await writeFileAtomic(path, kept.join(''));
}

function stepOf(line: string): number {
  try {
    return (JSON.parse(line) as { step: number }).step;
  } catch {
    return Infinity;
  }
}
