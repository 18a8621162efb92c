import { getText, memoryStore, putText, type Store } from '@ganloom/storage';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { TrainEvent } from '@ganloom/training';
import { checkpointSink, type CheckpointSinkOptions } from './checkpoint-sink';
import { bestCheckpoint, bestMetricValue, newestCheckpoint } from './read-checkpoint';

beforeAll(() => tf.setBackend('cpu'));

let run: Store;
beforeEach(() => {
  run = memoryStore('run');
});

const names = () => run.list('checkpoints');
const nameOf = (step: number) => `checkpoints/step-${String(step).padStart(6, '0')}`;

/** Plays steps of 10 with these values of "distance"; `undefined` is a step that is not logged. */
async function play(
  values: readonly (number | undefined)[],
  best: CheckpointSinkOptions['best'],
  keep = 2,
  every = 10,
): Promise<void> {
  const tensors = (step: number) => ({ kernel: tf.scalar(step) });
  const state = { tensors, restore: () => undefined };
  const sink = checkpointSink(run, state, { every, keep, ...(best && { best }) });
  const tell = (event: TrainEvent) => sink(event);
  await tell({ type: 'start', step: 0, steps: 99, batchSize: 1, drawsSamples: false });
  for (const [i, distance] of values.entries()) {
    const at = { step: 10 * (i + 1), seconds: i };
    if (distance !== undefined) {
      await tell({ type: 'metrics', ...at, losses: { generator: i }, statistics: { distance } });
    }
    await tell({ type: 'step', ...at });
  }
  const step = 10 * values.length;
  await tell({ type: 'end', step, seconds: 9, imagesPerSecond: 1, reason: 'steps', losses: {} });
}

it('stays beside the newest ones, and says by what it is the best', async () => {
  await play([5, 2, 3, 4, 2], { metric: 'distance' });
  // Of equal ones the earlier.
  expect(await names()).toEqual(['step-000020', 'step-000040', 'step-000050']);
  const best = await bestCheckpoint(run);
  expect(best).toMatchObject({
    step: 20,
    quality: { metric: 'distance', better: 'smaller', value: 2 },
  });
  expect((await newestCheckpoint(run)).step).toBe(50);
  const manifest = JSON.parse((await getText(run, `${nameOf(40)}/manifest.json`))!);
  expect(manifest.quality).toEqual({ metric: 'distance', better: 'smaller', value: 4 });
});

it('is the largest if that is better, and one of a loss as well', async () => {
  await play([1, 7, 3, 4], { metric: 'distance', better: 'larger' }, 1);
  expect(await names()).toEqual(['step-000020', 'step-000040']);
  expect((await bestCheckpoint(run)).step).toBe(20);
  await run.remove('checkpoints');
  await play([1, 7, 3, 4], { metric: 'generator' }, 1);
  expect(await names()).toEqual(['step-000010', 'step-000040']);
});

it('is written out of turn, too', async () => {
  await play([5, 4, 6, 3, 7, 3, 8], { metric: 'distance' }, 1, 1000);
  expect(await names()).toEqual(['step-000040', 'step-000070']);
  expect((await bestCheckpoint(run)).step).toBe(40);
});

it('is known to a run that goes on', async () => {
  await play([5, 2, 4], { metric: 'distance' });
  const state = { tensors: () => ({ kernel: tf.scalar(0) }), restore: () => undefined };
  const sink = checkpointSink(run, state, { every: 1000, best: { metric: 'distance' } });
  await sink({ type: 'start', step: 30, steps: 99, batchSize: 1, drawsSamples: false });
  for (const [step, distance] of [
    [40, 3],
    [50, 1],
  ] as const) {
    const at = { step, seconds: 1 };
    await sink({ type: 'metrics', ...at, losses: {}, statistics: { distance } });
    await sink({ type: 'step', ...at });
  }
  const closing = { seconds: 9, imagesPerSecond: 1, reason: 'failed', losses: {} } as const;
  await sink({ type: 'end', step: 60, ...closing });
  expect(await names()).toEqual(['step-000030', 'step-000050']);
});

it('is not one of steps that a run will take again', async () => {
  await play([5, 2, 4, 1], { metric: 'distance' }, 9);
  expect(await bestMetricValue(run, 'distance', 30)).toBe(2);
  expect(await bestMetricValue(run, 'distance', 40)).toBe(1);
  expect(await bestMetricValue(run, 'others', 40)).toBeUndefined();
});

it('competes only where the metric is known and finite', async () => {
  await play([5, undefined, NaN, 6, undefined], { metric: 'distance' });
  expect(await names()).toEqual(['step-000010', 'step-000040', 'step-000050']);
  expect((await newestCheckpoint(run)).quality).toBeUndefined();
  expect((await bestCheckpoint(run)).step).toBe(10);
});

it('may be damaged: the next best is taken, and a future of an earlier attempt never', async () => {
  await play([5, 1, 3, 4], { metric: 'distance' });
  await putText(run, `${nameOf(20)}/weights.safetensors`, 'x');
  const warnings: string[] = [];
  expect((await bestCheckpoint(run, (message) => warnings.push(message))).step).toBe(30);
  expect(warnings).toEqual([
    expect.stringContaining(`the checkpoint run/${nameOf(20)} is damaged`),
  ]);
  await play([6], { metric: 'distance' });
  expect(await names()).toEqual(['step-000000', 'step-000010']);
  expect((await bestCheckpoint(run)).step).toBe(10);
});

it('is missed with clear words if there is no such metric', async () => {
  await expect(play([1, 2], { metric: 'distances' })).rejects.toThrow(
    'checkpointSink: the best checkpoint is one by "distances", which no step has said; choose one of generator, distance',
  );
  // The newest ones are there all the same.
  expect(await names()).toEqual(['step-000010', 'step-000020']);
  await expect(bestCheckpoint(run)).rejects.toThrow(
    `bestCheckpoint: run/checkpoints must hold a whole checkpoint, but it has none`,
  );
});
