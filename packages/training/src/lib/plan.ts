import {
  type Optimizer,
  type Plan,
  type Sample,
  type SampleLoss,
  type Stage,
  UsageError,
  type Variant,
  requireCounts,
  requireIntegers,
} from '@ganloom/core';
import { requireParts } from './check-arguments';

/** A stage with its place in the run. */
export interface PlannedStage<S extends Sample = Sample> {
  /** Undefined if the plan is a single variant. */
  readonly name: string | undefined;
  readonly variant: Variant<S>;
  /** Steps before the stage. */
  readonly start: number;
  /** Steps when it is over. */
  readonly end: number;
  /** Batches of data taken before the stage. */
  readonly startBatch: number;
  /** Batches of data taken when it is over. */
  readonly endBatch: number;
  /** Batches of data in each step. */
  readonly batchesPerStep: number;
}

/** Whether a plan is a list of stages. */
export function isStaged<S extends Sample>(plan: Plan<S>): plan is readonly Stage<S>[] {
  return Array.isArray(plan);
}

/** The variants of a plan, in order. */
export function variantsOf<S extends Sample>(plan: Plan<S>): readonly Variant<S>[] {
  return isStaged(plan) ? plan.map(({ variant }) => variant) : [plan];
}

/** A variant whose discriminator plays. */
export type AdversarialVariant<S extends Sample> = Variant<S> & {
  readonly loss: SampleLoss<S>;
  readonly optimizers: { readonly generator: Optimizer; readonly discriminator: Optimizer };
};

export function isAdversarial<S extends Sample>(
  variant: Variant<S>,
): variant is AdversarialVariant<S> {
  return variant.loss !== undefined;
}

/**
 * Lays the stages of a plan end to end; where each begins depends on the plan alone.
 *
 * @throws UsageError if the plan cannot be trained.
 */
export function planStages<S extends Sample>(
  plan: Plan<S>,
  steps: number | undefined,
): PlannedStage<S>[] {
  const planned: PlannedStage<S>[] = [];
  let start = 0;
  let startBatch = 0;
  for (const stage of asStages(plan, steps)) {
    const { name, variant } = stage;
    requirePlayable(variant);
    const discriminatorSteps = variant.discriminatorSteps ?? 1;
    requireCounts('train', {
      [name ? `steps of "${name}"` : 'steps']: stage.steps,
      discriminatorSteps,
    });
    const end = start + stage.steps;
    const batchesPerStep = isAdversarial(variant) ? discriminatorSteps : 1;
    const endBatch = startBatch + stage.steps * batchesPerStep;
    planned.push({ name, variant, start, end, startBatch, endBatch, batchesPerStep });
    start = end;
    startBatch = endBatch;
  }
  return planned;
}

function asStages<S extends Sample>(
  plan: Plan<S>,
  steps: number | undefined,
): readonly { name: string | undefined; steps: number; variant: Variant<S> }[] {
  if (!isStaged(plan)) {
    if (steps === undefined) throw new UsageError('train: a variant needs `steps`, got none');
    return [{ name: undefined, steps, variant: plan }];
  }
  if (steps !== undefined) {
    throw new UsageError(`train: stages say their own steps; leave out \`steps\`, got ${steps}`);
  }
  const names = plan.map(({ name }) => name);
  if (names.length === 0 || names.includes('') || new Set(names).size < names.length) {
    throw new UsageError(
      `train: a plan needs stages, each with a name of its own, got [${names.join(', ')}]`,
    );
  }
  return plan;
}

function requirePlayable<S extends Sample>(variant: Variant<S>): void {
  requireParts(variant);
  const { name, loss, terms = [], optimizers } = variant;
  if (loss && !optimizers.discriminator) {
    throw new UsageError(
      `train: the variant "${name}" has a loss, so it needs an optimizer of the discriminator`,
    );
  }
  const { unrolledSteps = 0, updates = 'alternating' } = variant;
  if (updates !== 'alternating' && updates !== 'simultaneous') {
    throw new UsageError(
      `train: updates must be "alternating" or "simultaneous", got "${String(updates)}" in "${name}"`,
    );
  }
  requireIntegers('train', { [`unrolledSteps of "${name}"`]: unrolledSteps }, { min: 0 });
  if (unrolledSteps > 0 && !optimizers.discriminator?.rehearse) {
    const received = optimizers.discriminator?.name ?? 'none';
    throw new UsageError(
      `train: unrolledSteps of "${name}" needs a discriminator's optimizer that can rehearse, such as ` +
        `adam or sgd, got ${received}`,
    );
  }
  const names = terms.map(({ player, name: term }) => `${player}/${term}`);
  const twice = names.find((term, i) => names.indexOf(term) < i);
  if (twice !== undefined) {
    throw new UsageError(
      `train: each term of "${name}" needs a name of its own, got "${twice}" twice`,
    );
  }
  // Without a loss, a term must be there in every step, or there is nothing to descend.
  const steady = terms.some(({ player, every = 1 }) => player === 'generator' && every === 1);
  if (!loss && !steady) {
    throw new UsageError(
      `train: the variant "${name}" has no loss, so it needs a term of the generator in every step`,
    );
  }
}
