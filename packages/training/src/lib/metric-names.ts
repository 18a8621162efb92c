import {
  joinedStatistics,
  type Sample,
  type Statistics,
  UsageError,
  type Variant,
} from '@ganloom/core';
import type { Metric } from './metric';
import { isAdversarial, type PlannedStage } from './plan';
import { SAMPLE_STATISTICS } from './sample-statistics';
import type { StopRule } from './stop-rule';

/** The names of the losses of a step, in the order of evaluation; without one, of all that there may be. */
export function lossNames<S extends Sample>(variant: Variant<S>, step?: number): string[] {
  const isTurn = (every = 1) => step === undefined || step % every === 0;
  const players = isAdversarial(variant)
    ? (['discriminator', 'generator'] as const)
    : (['generator'] as const);
  return players.flatMap((side) => [
    ...(isAdversarial(variant) ? [side] : []),
    ...(variant.terms ?? [])
      .filter(({ player, every }) => player === side && isTurn(every))
      .map(({ name }) => `${side}/${name}`),
  ]);
}

/** The names of all losses and statistics that a run may report. */
export function metricNames<S extends Sample>(
  stages: readonly PlannedStage<S>[],
  metrics: readonly Metric[],
  drawsSamples: boolean,
): string[] {
  const names = stages.flatMap(({ variant }) => [
    ...measuredNames(variant, drawsSamples),
    ...Object.keys(statisticsOf(variant)),
  ]);
  return [...new Set([...names, ...metrics.map(({ name }) => name)])];
}

/** What a game and a loss want to be followed. */
export function statisticsOf<S extends Sample>({ game, loss }: Variant<S>): Statistics {
  return joinedStatistics(loss ? [game, loss] : [game]) ?? {};
}

/** Those that the trainer computes itself. */
function measuredNames<S extends Sample>(variant: Variant<S>, drawsSamples: boolean): string[] {
  return [
    ...lossNames(variant),
    ...(isAdversarial(variant) ? ['realLogit', 'fakeLogit', 'discriminatorGradientNorm'] : []),
    'generatorGradientNorm',
    ...(drawsSamples ? SAMPLE_STATISTICS : []),
  ];
}

/** @throws UsageError if a rule needs what is never reported, or two things have one name. */
export function requireMetrics<S extends Sample>(
  stages: readonly PlannedStage<S>[],
  metrics: readonly Metric[],
  drawsSamples: boolean,
  rules: readonly StopRule[],
): void {
  for (const { variant } of stages) {
    const measured = measuredNames(variant, drawsSamples);
    const twice = Object.keys(statisticsOf(variant)).find((name) => measured.includes(name));
    if (twice !== undefined) {
      throw new UsageError(
        `train: a statistic of a game or a loss needs a name of its own, got "${twice}" twice`,
      );
    }
  }
  const taken = metricNames(stages, [], drawsSamples);
  for (const [i, { name }] of metrics.entries()) {
    if (taken.includes(name) || metrics.findIndex((one) => one.name === name) < i) {
      throw new UsageError(`train: a metric needs a name of its own, got "${name}" twice`);
    }
  }
  const known = metricNames(stages, metrics, drawsSamples);
  for (const { name, metric } of rules) {
    if (metric !== undefined && !known.includes(metric)) {
      throw new UsageError(
        `train: the stop rule "${name}" needs one of the metrics ${known.join(', ')}, got "${metric}"`,
      );
    }
  }
}
