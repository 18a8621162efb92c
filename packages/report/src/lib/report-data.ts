import { GanloomError } from '@ganloom/core';
import { type EndEvent, healthMonitor, type Scalars, type Verdict } from '@ganloom/training';
import {
  type MetricsRow,
  readMetrics,
  readRunConfig,
  type RunConfig,
  runNames,
} from '@ganloom/runs';
import { getText, type Store } from '@ganloom/storage';
import { type ReadEvaluation, readEvaluation } from './evaluation';
import { countFrames, type Frame, readFrames } from './frames';

/** How a run ended; `running` is one that has not, `unfinished` one that was killed. */
export type RunState = 'running' | 'unfinished' | 'done' | EndEvent['reason'];

/** All that a report shows. */
export interface ReportData extends ReadEvaluation {
  readonly config: RunConfig;
  readonly state: RunState;
  readonly error?: string;
  /** Steps done, and of how many if that is known. */
  readonly step: number;
  readonly steps?: number;
  readonly seconds: number;
  readonly rows: readonly MetricsRow[];
  readonly frames: readonly Frame[];
  /** Sample grids of the run, those that are not among `frames` included; default: as many as these. */
  readonly frameCount?: number;
  readonly verdicts: readonly Verdict[];
}

/** What `summary.json` says. */
export interface RunSummary {
  readonly reason: EndEvent['reason'];
  readonly error?: string;
  readonly steps: number;
  readonly seconds: number;
  readonly imagesPerSecond: number;
  readonly losses: Scalars;
  readonly health?: readonly Verdict[];
}

/**
 * Reads what a report shows of a run in a store, whether that has ended or was killed.
 *
 * @throws UsageError if the store holds no run of the program; GanloomError if its summary is damaged.
 */
export async function readReportData(run: Store, app: string): Promise<ReportData> {
  const config = await readRunConfig(run, app);
  const rows = await readMetrics(run);
  const step = rows.at(-1)?.step ?? 0;
  const summary = await readSummary(run);
  const frames = await readFrames(run);
  const frameCount = await countFrames(run);
  const evaluation = await readEvaluation(run);
  // A summary of fewer steps is that of an earlier part of the run, and this one was killed.
  if (summary && summary.steps >= step) {
    const { reason, error, steps, seconds, health } = summary;
    return {
      config,
      state: reason,
      ...(error !== undefined && { error }),
      step: steps,
      seconds,
      rows,
      frames,
      frameCount,
      verdicts: health ?? verdictsOf(rows),
      ...evaluation,
    };
  }
  const seconds = rows.at(-1)?.seconds ?? 0;
  return {
    config,
    state: 'unfinished',
    step,
    seconds,
    rows,
    frames,
    frameCount,
    verdicts: verdictsOf(rows),
    ...evaluation,
  };
}

async function readSummary(run: Store): Promise<RunSummary | undefined> {
  const text = await getText(run, runNames.summary);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as RunSummary;
  } catch (error) {
    throw new GanloomError(
      `${run.describe(runNames.summary)} must be JSON as train writes it, but is damaged: ${(error as Error).message}; ` +
        'remove it: a report is made without it as well',
    );
  }
}

function verdictsOf(rows: readonly MetricsRow[]): readonly Verdict[] {
  const monitor = healthMonitor();
  monitor.recall(rows);
  return monitor.verdicts();
}
