import type { Sink } from '../lib/events';
import type { TrainingState } from '../lib/training-state';
import { writeCheckpoint, type WriteCheckpointOptions } from './checkpoint';

export interface CheckpointSinkOptions extends WriteCheckpointOptions {
  /** Steps from one to the next. */
  readonly every: number;
}

/**
 * Writes a checkpoint before the first step, after each `every`-th, and at the end unless training
 * failed. Goes behind the sinks that write down what a step said: what a checkpoint has behind it is
 * then on the disk.
 */
export function checkpointSink(
  folder: string,
  state: TrainingState,
  { every, keep = 2 }: CheckpointSinkOptions,
): Sink {
  let saved: number | undefined;
  let stage: string | undefined;
  return async (event) => {
    if (event.type === 'start') {
      // What a run was resumed from is there already.
      if (event.step > 0) saved = event.step;
      else await save(0, 0);
    } else if (event.type === 'step') {
      stage = event.stage;
      if (event.step % every === 0) await save(event.step, event.seconds);
    } else if (event.type === 'end' && event.reason !== 'failed') {
      await save(event.step, event.seconds);
    }
  };

  async function save(step: number, seconds: number): Promise<void> {
    if (step === saved) return;
    await writeCheckpoint(folder, { step, stage, seconds }, state.tensors(step), { keep });
    saved = step;
  }
}
