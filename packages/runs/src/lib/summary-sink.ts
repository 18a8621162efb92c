import type { Sink, Verdict } from '@ganloom/training';
import { writeJson } from '@ganloom/storage/node';

/**
 * Writes how the run went, when it has: reason, steps, seconds, images per second, final losses, and
 * what a health monitor says if there is one.
 */
export function summarySink(path: string, health?: () => readonly Verdict[]): Sink {
  return async (event) => {
    if (event.type !== 'end') return;
    const { reason, stopped, error, step, seconds, imagesPerSecond, losses } = event;
    await writeJson(path, {
      reason,
      stopped,
      error,
      steps: step,
      seconds,
      imagesPerSecond,
      losses,
      health: health?.(),
    });
  };
}
