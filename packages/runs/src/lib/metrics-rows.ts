import { getText, type Store } from '@ganloom/storage';
import type { MetricsEvent } from '@ganloom/training';
import { runNames } from './run-names';

/** A line of `metrics.jsonl`. */
export type MetricsRow = Omit<MetricsEvent, 'type'>;

/** The lines of `metrics.jsonl` of a run, without a last one that was cut off. */
export async function readMetrics(run: Store): Promise<MetricsRow[]> {
  return ((await getText(run, runNames.metrics)) ?? '').split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as MetricsRow];
    } catch {
      return [];
    }
  });
}
