import { readText } from '@ganloom/storage/node';
import type { MetricsEvent } from '@ganloom/training';

/** A line of `metrics.jsonl`. */
export type MetricsRow = Omit<MetricsEvent, 'type'>;

/** The lines of `metrics.jsonl`, without a last one that was cut off. */
export async function readMetrics(path: string): Promise<MetricsRow[]> {
  return ((await readText(path)) ?? '').split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as MetricsRow];
    } catch {
      return [];
    }
  });
}
