import type { HealthMonitor, Sink } from '@ganloom/training';
import type { MetricsRow, RunConfig } from '@ganloom/runs';
import type { Store } from '@ganloom/storage';
import { readEvaluation } from './evaluation';
import { countFrames, readFrames } from './frames';
import type { ReportData, RunState } from './report-data';

/** What a run has shown so far, for a report at any time. */
export interface RunRecord {
  /** Takes notes; goes behind the sinks that write metrics and samples. */
  readonly sink: Sink;
  data(): Promise<ReportData>;
}

/**
 * What there is to show of a run that goes on, kept up to date by a sink.
 *
 * @param earlier logged steps of the parts of the run before this one
 */
export function runRecord(
  run: Store,
  config: RunConfig,
  health: HealthMonitor,
  earlier: readonly MetricsRow[] = [],
): RunRecord {
  const rows = [...earlier];
  let state: RunState = 'running';
  let error: string | undefined;
  let steps: number | undefined;
  let step = rows.at(-1)?.step ?? 0;
  let seconds = rows.at(-1)?.seconds ?? 0;
  return {
    sink(event) {
      if (event.type === 'start') {
        ({ step, steps } = event);
      } else if (event.type === 'metrics') {
        const { type: _, ...row } = event;
        rows.push(row);
      } else if (event.type === 'step') {
        ({ step, seconds } = event);
      } else if (event.type === 'end') {
        ({ reason: state, step, seconds, error } = event);
      }
    },
    async data() {
      const frames = await readFrames(run);
      return {
        config,
        state,
        ...(error !== undefined && { error }),
        step,
        ...(steps !== undefined && { steps }),
        seconds,
        rows,
        frames,
        frameCount: await countFrames(run),
        verdicts: health.verdicts(),
        ...(await readEvaluation(run)),
      };
    },
  };
}
