import {
  type Batch,
  joinedStatistics,
  type Sample,
  type Statistics,
  UsageError,
  type Variant,
} from '@ganloom/core';
import type { Measure } from './measure';
import { isAdversarial, type PlannedStage } from './plan';
import type { StopRule } from './stop-rule';

/** The names of the losses of a step, in the order of evaluation; without one, of all that there may be. */
export function lossNames<B extends Batch, S extends Sample>(
  variant: Variant<B, S>,
  step?: number,
): string[] {
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
export function metricNames<B extends Batch, S extends Sample>(
  stages: readonly PlannedStage<B, S>[],
  measures: readonly Measure[],
  drawsSamples: boolean,
): string[] {
  const names = stages.flatMap(({ variant }) => [
    ...measuredNames(variant, drawsSamples),
    ...Object.keys(statisticsOf(variant)),
  ]);
  return [...new Set([...names, ...measures.map(({ name }) => name)])];
}

/** What a game and a loss want to be followed. */
export function statisticsOf<B extends Batch, S extends Sample>({
  game,
  loss,
}: Variant<B, S>): Statistics {
  return joinedStatistics(loss ? [game, loss] : [game]) ?? {};
}

/** Those that the trainer measures itself. */
function measuredNames<B extends Batch, S extends Sample>(
  variant: Variant<B, S>,
  drawsSamples: boolean,
): string[] {
  return [
    ...lossNames(variant),
    ...(isAdversarial(variant) ? ['realLogit', 'fakeLogit', 'discriminatorGradientNorm'] : []),
    'generatorGradientNorm',
    ...(drawsSamples ? ['pixelDiversity', 'nearestDistance'] : []),
  ];
}

/** @throws UsageError if a rule needs what is never reported, or two things have one name. */
export function requireMetrics<B extends Batch, S extends Sample>(
  stages: readonly PlannedStage<B, S>[],
  measures: readonly Measure[],
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
  for (const [i, { name }] of measures.entries()) {
    if (taken.includes(name) || measures.findIndex((one) => one.name === name) < i) {
      throw new UsageError(`train: a measure needs a name of its own, got "${name}" twice`);
    }
  }
  const known = metricNames(stages, measures, drawsSamples);
  for (const { name, metric } of rules) {
    if (metric !== undefined && !known.includes(metric)) {
      throw new UsageError(
        `train: the stop rule "${name}" needs one of the metrics ${known.join(', ')}, got "${metric}"`,
      );
    }
  }
}
