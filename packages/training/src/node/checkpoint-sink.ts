import { GanloomError } from '@ganloom/core';
import type { Scalars, Sink } from '../lib/events';
import type { Better } from '../lib/stop-rule';
import type { TrainingState } from '../lib/training-state';
import { writeCheckpoint, type WriteCheckpointOptions } from './checkpoint';

export interface CheckpointSinkOptions extends Pick<WriteCheckpointOptions, 'keep'> {
  /** Steps from one to the next. */
  readonly every: number;
  /**
   * The checkpoint with the best value of this loss, statistic or measure stays, beside the newest
   * ones. Those at steps where it was not logged do not compete. `better` is smaller by default.
   */
  readonly best?: { readonly metric: string; readonly better?: Better };
}

/**
 * Writes a checkpoint before the first step, after each `every`-th, and at the end unless training
 * failed. Goes behind the sinks that write down what a step said: what a checkpoint has behind it is
 * then on the disk.
 */
export function checkpointSink(
  folder: string,
  state: TrainingState,
  { every, keep = 2, best }: CheckpointSinkOptions,
): Sink {
  let saved: number | undefined;
  let stage: string | undefined;
  let metrics: { readonly step: number; readonly values: Scalars } | undefined;
  let known = best === undefined;
  return async (event) => {
    if (event.type === 'start') {
      // What a run was resumed from is there already.
      if (event.step > 0) saved = event.step;
      else await save(0, 0);
    } else if (event.type === 'metrics') {
      metrics = { step: event.step, values: { ...event.losses, ...event.statistics } };
      known ||= best!.metric in metrics.values;
    } else if (event.type === 'step') {
      stage = event.stage;
      if (event.step % every === 0) await save(event.step, event.seconds);
    } else if (event.type === 'end' && event.reason !== 'failed') {
      await save(event.step, event.seconds);
      if (!known && metrics) {
        throw new GanloomError(
          `checkpointSink: the best checkpoint is one by "${best!.metric}", which no step has said; ` +
            `choose one of ${Object.keys(metrics.values).join(', ')}`,
        );
      }
    }
  };

  async function save(step: number, seconds: number): Promise<void> {
    if (step === saved) return;
    const value = best && metrics?.step === step ? metrics.values[best.metric] : undefined;
    await writeCheckpoint(folder, { step, stage, seconds }, state.tensors(step), {
      keep,
      ...(best && { best: { metric: best.metric, better: best.better ?? 'smaller', value } }),
    });
    saved = step;
  }
}
