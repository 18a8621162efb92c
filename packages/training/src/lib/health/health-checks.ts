import type { MetricsEvent } from '../events';
import { symptoms as all } from './health-monitor';
import type { HealthCheck, Symptom } from './symptom';

/** A check, and how often there was something to look at. */
export interface DoneCheck extends HealthCheck {
  /** Logged steps with what it looks at. */
  readonly seen: number;
}

/**
 * What was looked for in the logged steps of a run, and how often there was something to see: no symptom with
 * `seen` below `times` can have been found, so that its absence says nothing.
 */
export function healthChecks(
  rows: readonly Pick<MetricsEvent, 'losses' | 'statistics'>[],
  symptoms: readonly (() => Symptom)[] = all,
): DoneCheck[] {
  return symptoms.flatMap((make) => {
    const { checks } = make();
    if (!checks) return [];
    const has = ({ losses, statistics }: (typeof rows)[number]) =>
      checks.of.some((name) => name in losses || name in statistics);
    return [{ ...checks, seen: rows.filter(has).length }];
  });
}
