import type { Sink } from '@ganloom/training';
import { writeFileAtomic } from '@ganloom/storage/node';
import { reportPage } from './page';
import type { ReportData } from './report-data';

// Drawing and writing a report takes some tens of milliseconds.
const PAUSE_SECONDS = 10;

/**
 * Writes `report.html` at the end, however that comes, and when samples are drawn, but not more often
 * than every ten seconds.
 */
export function reportSink(path: string, data: () => Promise<ReportData>): Sink {
  let last = -Infinity;
  return async ({ type }) => {
    const now = performance.now() / 1000;
    if (type !== 'end' && (type !== 'samples' || now - last < PAUSE_SECONDS)) return;
    last = now;
    await writeFileAtomic(path, reportPage(await data()));
  };
}
