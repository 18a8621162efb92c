import type { MetricsEvent } from '../events';
import { symptoms as all } from './health-monitor';
import type { HealthCheck, Symptom } from './symptom';

/** A check, and how often there was something to look at in one go. */
export interface DoneCheck extends HealthCheck {
  /** Logged steps with what it looks at, of the stage that has most. */
  readonly seen: number;
}

/**
 * What was looked for in the logged steps of a run, and how often there was something to see: no symptom with
 * `seen` below `times` can have been found, so that its absence says nothing. Symptoms begin anew in each stage,
 * so that steps of different stages do not add up.
 */
export function healthChecks(
  rows: readonly Pick<MetricsEvent, 'losses' | 'statistics' | 'stage'>[],
  symptoms: readonly (() => Symptom)[] = all,
): DoneCheck[] {
  return symptoms.flatMap((make) => {
    const { checks } = make();
    if (!checks) return [];
    const has = ({ losses, statistics }: (typeof rows)[number]) =>
      checks.of.some((name) => name in losses || name in statistics);
    const ofStages = stagesOf(rows).map((stage) => stage.filter(has).length);
    return [{ ...checks, seen: Math.max(0, ...ofStages) }];
  });
}

/** Rows that follow each other in one stage. */
function stagesOf<Row extends Pick<MetricsEvent, 'stage'>>(rows: readonly Row[]): Row[][] {
  const stages: Row[][] = [];
  for (const [i, row] of rows.entries()) {
    if (i === 0 || row.stage !== rows[i - 1]!.stage) stages.push([]);
    stages.at(-1)!.push(row);
  }
  return stages;
}
