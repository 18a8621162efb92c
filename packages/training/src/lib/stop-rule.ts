import { requireCounts, requireNumbers } from '@ganloom/core';
import type { Scalars } from './events';

/** Where training stands. */
export interface Standing {
  /** Generator updates done. */
  readonly step: number;
  /** Seconds of training, those of earlier parts of the run included. */
  readonly seconds: number;
  /** Losses and statistics of the step, if it is a logged one. */
  readonly metrics?: Scalars;
}

/** Ends training before all steps are done. One that remembers is made anew for each run. */
export interface StopRule {
  readonly name: string;
  /** The loss, statistic or metric that it needs. */
  readonly metric?: string;
  /**
   * Sees where training stands before the first step and after each, and says in words why it should
   * end there. Before a run goes on, whoever resumes it shows a rule its logged steps.
   */
  examine(standing: Standing): string | undefined;
}

/** Settings of {@link stopAfter}. */
export interface StopAfterOptions {
  /** Of training, those of earlier parts of the run included. */
  readonly seconds: number;
}

/**
 * Ends training after the step in which its time is over.
 *
 * @throws UsageError if `seconds` is not above 0.
 */
export function stopAfter({ seconds }: StopAfterOptions): StopRule {
  requireNumbers('stopAfter', { seconds }, { above: 0 });
  return {
    name: 'time',
    examine: (standing) =>
      standing.seconds < seconds ? undefined : `${seconds} seconds of training are over`,
  };
}

/** Which of two values of a metric is the better one. */
export type Better = 'smaller' | 'larger';

/** Settings of {@link whenNotImproved}. */
export interface WhenNotImprovedOptions {
  /** The name of a loss, a statistic, or a metric. */
  readonly metric: string;
  /** Values in a row that are no better than the best before them. */
  readonly patience: number;
  /** Default smaller, as of losses and distances. */
  readonly better?: Better;
  /** By how much a value must be better to count; default 0. */
  readonly least?: number;
}

/**
 * Ends training when a metric has not become better for so many values in a row: quality no longer
 * improves. A value that is not finite is none better. The losses of a GAN seldom tell; a distance of
 * samples to the data does.
 *
 * @throws UsageError if `patience` is no positive integer, or `least` below 0.
 */
export function whenNotImproved(options: WhenNotImprovedOptions): StopRule {
  const { metric, patience, better = 'smaller', least = 0 } = options;
  requireCounts('whenNotImproved', { patience });
  requireNumbers('whenNotImproved', { least }, { min: 0 });
  let best: { value: number; step: number } | undefined;
  let inVain = 0;
  return {
    name: 'no improvement',
    metric,
    examine({ step, metrics }) {
      const value = metrics?.[metric];
      if (value !== undefined) {
        if (Number.isFinite(value) && (!best || isBetter(value, best.value, better, least))) {
          best = { value, step };
          inVain = 0;
        } else {
          inVain++;
        }
      }
      if (inVain < patience) return undefined;
      const found = best ? `the ${best.value} of step ${best.step}` : 'a finite value';
      return `"${metric}" was not ${better} than ${found} ${inVain} times in a row`;
    },
  };
}

/** Whether a value is better than another by more than `least`. */
export function isBetter(value: number, than: number, better: Better, least = 0): boolean {
  return better === 'smaller' ? value < than - least : value > than + least;
}

/** Shows all rules where training stands; the first that objects says why. */
export function examineAll(
  rules: readonly StopRule[],
  standing: Standing,
): { readonly rule: string; readonly because: string } | undefined {
  // All of them, as some remember.
  const verdicts = rules.map((rule) => ({ rule: rule.name, because: rule.examine(standing) }));
  const found = verdicts.find(({ because }) => because !== undefined);
  return found && { rule: found.rule, because: found.because! };
}
