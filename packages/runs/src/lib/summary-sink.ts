import { putJson, type Store } from '@ganloom/storage';
import type { Sink, Verdict } from '@ganloom/training';
import { runNames } from './run-names';

/**
 * Writes `summary.json`, how the run went, when it has: reason, steps, seconds, images per second, final losses, and
 * what a health monitor says if there is one.
 */
export function summarySink(run: Store, health?: () => readonly Verdict[]): Sink {
  return async (event) => {
    if (event.type !== 'end') return;
    const { reason, stopped, error, step, seconds, imagesPerSecond, losses } = event;
    await putJson(run, runNames.summary, {
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
