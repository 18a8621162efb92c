import { GanloomError } from '@ganloom/core';
import type { Store } from '@ganloom/storage';
import {
  type Better,
  isBetter,
  type Scalars,
  type Sink,
  type TrainingState,
} from '@ganloom/training';
import { bestMetricValue } from './read-checkpoint';
import { beginCheckpoint, type WriteCheckpointOptions } from './write-checkpoint';

/** Settings of {@link checkpointSink}. */
export interface CheckpointSinkOptions extends Pick<WriteCheckpointOptions, 'keep' | 'settings'> {
  /** Steps from one to the next. */
  readonly every: number;
  /**
   * The checkpoint with the best value of this loss, statistic or metric stays, beside the newest
   * ones. One is written for each that is better than all before; steps where it was not logged do not
   * compete. `better` is smaller by default.
   */
  readonly best?: { readonly metric: string; readonly better?: Better };
}

/**
 * Writes a checkpoint of a run before the first step, after each `every`-th and each that is better than all
 * before by `best`, and at the end unless training failed. Goes behind the sinks that write down what
 * a step said: what a checkpoint has behind it is then on the disk.
 *
 * Training goes on as soon as the values are copied. A checkpoint that then cannot be written fails the
 * event after it, and is tried again at the end if it is still the last.
 */
export function checkpointSink(
  run: Store,
  state: TrainingState,
  { every, keep = 2, best, settings }: CheckpointSinkOptions,
): Sink {
  const { metric = '', better = 'smaller' } = best ?? {};
  let saved: number | undefined;
  let writing: Promise<void> = Promise.resolve();
  let failure: unknown;
  let stage: string | undefined;
  let metrics: { readonly step: number; readonly values: Scalars } | undefined;
  let known = best === undefined;
  let bestValue: number | undefined;

  return async (event) => {
    if (event.type === 'start') {
      // What a run was resumed from is there already.
      if (event.step > 0) saved = event.step;
      else await save(0, 0);
      // Nothing is written down of a step that no checkpoint is before.
      await writing;
      if (best && event.step > 0) bestValue = await bestMetricValue(run, metric, event.step);
    } else if (event.type === 'metrics') {
      metrics = { step: event.step, values: { ...event.losses, ...event.statistics } };
      known ||= metric in metrics.values;
    } else if (event.type === 'step') {
      stage = event.stage;
      if (isBest(event.step) || event.step % every === 0) await save(event.step, event.seconds);
    } else if (event.type === 'end') {
      await writing;
      if (event.reason !== 'failed') {
        const before = failure;
        failure = undefined;
        if (await save(event.step, event.seconds)) await writing;
        else failure = before;
      }
    }
    if (failure !== undefined) {
      const error = failure;
      failure = undefined;
      throw error;
    }
    if (event.type === 'end' && event.reason !== 'failed' && !known && metrics) {
      throw new GanloomError(
        `checkpointSink: the best checkpoint is one by "${metric}", which no step has said; ` +
          `choose one of ${Object.keys(metrics.values).join(', ')}`,
      );
    }
  };

  function metricAt(step: number): number | undefined {
    const value = best && metrics?.step === step ? metrics.values[metric] : undefined;
    return value !== undefined && Number.isFinite(value) ? value : undefined;
  }

  function isBest(step: number): boolean {
    const value = metricAt(step);
    if (value === undefined) return false;
    if (bestValue !== undefined && !isBetter(value, bestValue, better)) return false;
    bestValue = value;
    return true;
  }

  /** Whether there was something to be saved. */
  async function save(step: number, seconds: number): Promise<boolean> {
    if (step === saved) return false;
    await writing;
    const position = { step, stage, seconds };
    const { written } = await beginCheckpoint(run, position, state.tensors(step), {
      keep,
      ...(settings && { settings }),
      ...(best && { best: { metric, better, value: metricAt(step) } }),
    });
    saved = step;
    // An error of an earlier one is less news than that of this one.
    writing = written.catch((error: unknown) => {
      failure = error;
      if (saved === step) saved = undefined;
    });
    return true;
  }
}
