import type { Sink } from '../lib/events';
import { writeJson } from './write-file-atomic';

/** Writes how the run went, when it has: reason, steps, seconds, images per second, final losses. */
export function summarySink(path: string): Sink {
  return async (event) => {
    if (event.type !== 'end') return;
    const { reason, error, step, seconds, imagesPerSecond, losses } = event;
    await writeJson(path, { reason, error, steps: step, seconds, imagesPerSecond, losses });
  };
}
