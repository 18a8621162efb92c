import { GanloomError, type Plan, type Player, type Sampler } from '@ganloom/core';
import { BEST_ENDING, bestCheckpoint, type Checkpoint, endingAfter } from '@ganloom/runs';
import { saveModel, type Store } from '@ganloom/storage';
import {
  isStaged,
  type NamedTensors,
  type Sink,
  type TrainingState,
  variantsOf,
} from '@ganloom/training';
import * as tf from '@tensorflow/tfjs';
import { withClassNames } from './class-names';
import type { Host } from './host';

/** The generator's networks of a whole plan, and how each is asked for samples. */
export interface Players {
  readonly models: Player['models'];
  readonly samplers: Readonly<Record<string, Sampler>>;
}

/** The networks to average and to save: those of all stages. */
export function playersOf(plan: Plan, classNames?: readonly string[]): Players {
  const models: Record<string, tf.LayersModel> = {};
  const samplers: Record<string, Sampler> = {};
  for (const { game } of variantsOf(plan)) {
    for (const [name, model] of Object.entries(game.generator.models)) {
      models[name] ??= model;
      if (models[name] !== model) {
        throw new GanloomError(
          `trainRecipe: a name must mean one network in all stages, got two of the name "${name}"; ` +
            'name them by their stages',
        );
      }
    }
    for (const [name, sampler] of Object.entries(game.samplers ?? {})) {
      samplers[name] = withClassNames(sampler, classNames);
    }
  }
  return { models, samplers };
}

/** Saves each network under its name and an ending, with what a loader needs to draw with it. */
export async function saveGenerators(
  run: Store,
  models: Player['models'],
  { samplers }: Players,
  ending = '',
): Promise<void> {
  for (const [name, model] of Object.entries(models)) {
    // None is said as well: whoever draws from something else must not be taken for one of latents.
    const sampler = samplers[name] ?? null;
    await saveModel(model, run.within(`${name}${ending}`), { ganloom: { sampler } });
  }
}

/** Keeps the generator that a stage leaves to the next. */
export function stageSink(
  run: Store,
  models: Player['models'],
  players: Players,
  plan: Plan,
): Sink {
  const stages = isStaged(plan) ? plan.map(({ name }) => name) : [];
  return async (event) => {
    if (event.type !== 'stage' || event.step > event.start) return;
    const before = stages[stages.indexOf(event.stage) - 1];
    if (before !== undefined) {
      await saveGenerators(run, models, players, endingAfter(before));
    }
  };
}

/**
 * Keeps the generator of the best checkpoint, and says which that is; the state becomes what it was
 * then. Without one, as in a run that ended before its first samples, it warns.
 */
export async function saveBest(
  run: Store,
  state: TrainingState,
  models: Player['models'],
  players: Players,
  host: Pick<Host, 'note'>,
): Promise<string | undefined> {
  let checkpoint: Checkpoint;
  try {
    checkpoint = await bestCheckpoint(run, (message) => host.note(`warning: ${message}`));
  } catch (error) {
    host.note(`warning: there is no best generator: ${(error as Error).message}`);
    return undefined;
  }
  const tensors = checkpoint.tensors();
  try {
    state.restore(checkpoint.step, tensors);
  } finally {
    tf.dispose(tensors);
  }
  await saveGenerators(run, models, players, BEST_ENDING);
  const { metric, value } = checkpoint.quality!;
  return `step ${checkpoint.step} (${metric} ${value.toPrecision(3)})`;
}

/** The weights of all networks that play, by name. */
export function networkWeights(state: TrainingState): NamedTensors {
  // No optimizer is used after the last step of all.
  const all = Object.entries(state.tensors(Infinity));
  return Object.fromEntries(all.filter(([name]) => /^(generator|discriminator)\//.test(name)));
}
