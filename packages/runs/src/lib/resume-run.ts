import { GanloomError } from '@ganloom/core';
import type { Store } from '@ganloom/storage';
import type { TrainingState, TrainOptions } from '@ganloom/training';
import * as tf from '@tensorflow/tfjs';
import { readMetrics } from './metrics-rows';
import { dropMetricsAfter } from './metrics-sink';
import type { Settings } from './checkpoint-format';
import { type Checkpoint, hasCheckpoint, newestCheckpoint } from './read-checkpoint';
import type { RunConfig } from './run-config';
import { runNames } from './run-names';
import { dropSamplesAfter } from './samples-sink';
import { dropEventsAfter } from './tensorboard/event-files';

/** Whether anything of a run is to be gone on with: not if it was ended before its first checkpoint. */
export async function hasBegun(run: Store): Promise<boolean> {
  return (await hasCheckpoint(run)) || (await readMetrics(run)).length > 0;
}

/**
 * Puts everything back as it was at the newest checkpoint; undefined if the run has not yet begun.
 *
 * @param note is told where the run goes on, and what may make it differ
 * @throws GanloomError if the data are others, or no checkpoint can be used.
 */
export async function resumeRun(
  run: Store,
  before: RunConfig,
  config: RunConfig,
  state: TrainingState,
  note: (line: string) => void,
): Promise<TrainOptions['done']> {
  requireSameData(run, before.data, config.data);
  for (const [name, version] of Object.entries(config.versions)) {
    const old = before.versions[name];
    if (old === version) continue;
    note(
      `warning: the run began with ${name} ${old}, this is ${version}; results may differ in last bits`,
    );
  }
  const others = differences(before.settings, config.settings);
  if (others.length > 0) {
    note(
      `warning: the run began with other settings: ${others.join('; ')}. ` +
        'What follows is no longer what one run gives',
    );
  }
  if (!(await hasBegun(run))) {
    note('the run was ended before its first checkpoint: it begins with step 1');
    return undefined;
  }
  const checkpoint = await newestCheckpoint(run, (message) => note(`warning: ${message}`));
  const changes = changesSince(run, checkpoint, before);
  if (changes) note(changes);
  const tensors = checkpoint.tensors();
  try {
    state.restore(checkpoint.step, tensors);
  } finally {
    tf.dispose(tensors);
  }
  await dropMetricsAfter(run, checkpoint.step);
  await dropEventsAfter(run, checkpoint.step);
  await dropSamplesAfter(run, checkpoint.step);
  const { step, stage, seconds, name } = checkpoint;
  const of = stage ? ` (${stage})` : '';
  note(`going on after step ${step}${of}: ${run.describe(name)}`);
  return { step, seconds };
}

/** @throws GanloomError if the run began with other data. */
function requireSameData(run: Store, before: RunConfig['data'], now: RunConfig['data']): void {
  const start = `a resumed run needs the data it began with, ${before.size} examples of ${before.name}; got`;
  if (before.size !== now.size) throw new GanloomError(`${start} ${now.size} of ${now.name}`);
  // Runs of earlier versions have none.
  if (before.fingerprint !== undefined && before.fingerprint !== now.fingerprint) {
    throw new GanloomError(
      `${start} as many that differ; put them back as they were, or remove "fingerprint" from ` +
        `${run.describe(runNames.config)} ` +
        'to go on with these',
    );
  }
}

/** A warning of what somebody has changed in `config.json` since a checkpoint. */
function changesSince(
  run: Store,
  { settings: then, step }: Checkpoint,
  now: RunConfig,
): string | undefined {
  if (!then) return undefined;
  const changes = differences(then, now.settings);
  if (changes.length === 0) return undefined;
  return (
    `warning: ${run.describe(runNames.config)} was changed after step ${step}: ${changes.join('; ')}. ` +
    'The run goes on by it, and is no longer one that can be repeated'
  );
}

/** `batch was 32, now 16` of each setting that is another one. */
function differences(then: Settings, now: Settings): string[] {
  const names = new Set([...Object.keys(then), ...Object.keys(now)]);
  return [...names].flatMap((name) => {
    const [a, b] = [then, now].map((all) => JSON.stringify(all[name]) ?? 'not there');
    return a === b ? [] : [`${name} was ${a}, now ${b}`];
  });
}
