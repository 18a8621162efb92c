import { appendWhole, getText, putText, type Store } from '@ganloom/storage';
import type { Sink } from '@ganloom/training';
import { runNames } from './run-names';

/**
 * Appends `{"step", "stage"?, "seconds", "losses", "statistics"}` to `metrics.jsonl` of a run at each
 * logged step.
 *
 * A line is on the disk, not only with the system, before the sinks behind this one are told of the
 * step: no power cut leaves a checkpoint without the lines before it. Lines that a full disk refuses
 * are written when it has room.
 */
export function metricsSink(run: Store): Sink {
  const lines = appendWhole(run, runNames.metrics, { durable: true });
  return async (event) => {
    if (event.type === 'end') await lines.finish();
    if (event.type !== 'metrics') return;
    const { step, stage, seconds, losses, statistics } = event;
    await lines.append(`${JSON.stringify({ step, stage, seconds, losses, statistics })}\n`);
  };
}

/**
 * Drops the lines of steps after `step`, which a resumed run will write again, and a last line that
 * was cut off when the run was killed.
 */
export async function dropMetricsAfter(run: Store, step: number): Promise<void> {
  const text = (await getText(run, runNames.metrics)) ?? '';
  const lines = text.split('\n').slice(0, -1);
  const kept = lines.filter((line) => stepOf(line) <= step).map((line) => `${line}\n`);
  if (kept.join('') !== text) await putText(run, runNames.metrics, kept.join(''));
}

function stepOf(line: string): number {
  try {
    return (JSON.parse(line) as { step: number }).step;
  } catch {
    return Infinity;
  }
}
