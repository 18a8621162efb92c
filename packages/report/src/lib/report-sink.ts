import { runNames } from '@ganloom/runs';
import { putText, type Store } from '@ganloom/storage';
import type { Sink } from '@ganloom/training';
import { reportPage } from './page';
import type { ReportData } from './report-data';

// Drawing and writing a report takes some tens of milliseconds.
const PAUSE_SECONDS = 10;

/**
 * Writes `report.html` of a run at the end, however that comes, and when samples are drawn, but not more often
 * than every ten seconds.
 */
export function reportSink(run: Store, data: () => Promise<ReportData>): Sink {
  let last = -Infinity;
  return async ({ type }) => {
    const now = performance.now() / 1000;
    if (type !== 'end' && (type !== 'samples' || now - last < PAUSE_SECONDS)) return;
    last = now;
    await putText(run, runNames.report, reportPage(await data()));
  };
}
