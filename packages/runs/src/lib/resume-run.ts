import { GanloomError } from '@ganloom/core';
import type { TrainingState, TrainOptions } from '@ganloom/training';
import * as tf from '@tensorflow/tfjs';
import { checkpointSteps } from './checkpoint-format';
import { readMetrics } from './metrics-rows';
import { dropMetricsAfter } from './metrics-sink';
import { type Checkpoint, newestCheckpoint } from './read-checkpoint';
import type { RunConfig } from './run-config';
import type { RunFolder } from './run-folder';
import { dropEventsAfter } from './tensorboard/event-files';

/** Puts everything back as it was at the newest checkpoint; undefined if the run has not yet begun. */
export async function resumeRun(
  run: RunFolder,
  before: RunConfig,
  config: RunConfig,
  state: TrainingState,
): Promise<TrainOptions['done']> {
  requireSameData(run, before.data, config.data);
  for (const [name, version] of Object.entries(config.versions)) {
    const old = before.versions[name];
    if (old === version) continue;
    console.error(
      `warning: the run began with ${name} ${old}, this is ${version}; results may differ in last bits`,
    );
  }
  const isNew = (await checkpointSteps(run.checkpoints)).length === 0;
  if (isNew && (await readMetrics(run.metrics)).length === 0) {
    console.error('the run was ended before its first checkpoint: it begins with step 1');
    return undefined;
  }
  const checkpoint = await newestCheckpoint(run.checkpoints);
  warnOfChanges(run, checkpoint, before);
  const tensors = checkpoint.tensors();
  try {
    state.restore(checkpoint.step, tensors);
  } finally {
    tf.dispose(tensors);
  }
  await dropMetricsAfter(run.metrics, checkpoint.step);
  await dropEventsAfter(run.path, checkpoint.step);
  const { step, stage, seconds, path } = checkpoint;
  console.error(`going on after step ${step}${stage ? ` (${stage})` : ''}: ${path}`);
  return { step, seconds };
}

/** @throws GanloomError if the run began with other data. */
function requireSameData(
  { config }: RunFolder,
  before: RunConfig['data'],
  now: RunConfig['data'],
): void {
  const start = `--resume needs the data the run began with, ${before.size} examples of ${before.name}; got`;
  if (before.size !== now.size) throw new GanloomError(`${start} ${now.size} of ${now.name}`);
  // Runs of earlier versions have none.
  if (before.fingerprint !== undefined && before.fingerprint !== now.fingerprint) {
    throw new GanloomError(
      `${start} as many that differ; put them back as they were, or remove "fingerprint" from ${config} ` +
        'to go on with these',
    );
  }
}

/** Tells what somebody has changed in `config.json` since a checkpoint. */
function warnOfChanges(run: RunFolder, { settings: then, step }: Checkpoint, now: RunConfig): void {
  if (!then) return;
  const names = new Set([...Object.keys(then), ...Object.keys(now.settings)]);
  const changes = [...names].flatMap((name) => {
    const [a, b] = [then, now.settings].map((all) => JSON.stringify(all[name]) ?? 'not there');
    return a === b ? [] : [`${name} was ${a}, now ${b}`];
  });
  if (changes.length === 0) return;
  console.error(
    `warning: ${run.config} was changed after step ${step}: ${changes.join('; ')}. ` +
      'The run goes on by it, and is no longer one that can be repeated',
  );
}
