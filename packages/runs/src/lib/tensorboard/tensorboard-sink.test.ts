import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RandomStream } from '@ganloom/core';
import { diskStore } from '@ganloom/storage/node';
import { runTraining, train, trainingState } from '@ganloom/training';
import { type ReadEvent, readEvents } from '@ganloom/test-tools/read-events';
import { disposeVariant, tinyData, tinyVariant } from '@ganloom/tiny-gan';
import * as tf from '@tensorflow/tfjs';
import sharp from 'sharp';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { dropEventsAfter } from './event-files';
import { tensorboardSink } from './tensorboard-sink';

let folder: string;
beforeAll(() => tf.setBackend('cpu'));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganloom-tensorboard-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function run(steps: number, done = { step: 0, seconds: 0 }) {
  const variant = tinyVariant();
  const { tensors } = trainingState(variant);
  const events = train(variant, tinyData(), {
    steps,
    done,
    batchSize: 8,
    random: RandomStream.fromSeed(5),
    log: { every: 2 },
    samples: { every: 4, count: 4 },
  });
  const end = await runTraining(
    events,
    [tensorboardSink(diskStore(folder), { weights: () => tensors(0) })],
    {
      onSinkError(error) {
        throw error;
      },
    },
  );
  disposeVariant(variant);
  return end;
}

const stepsOf = (events: readonly ReadEvent[], tag: string) =>
  events.filter(({ summary }) => summary?.value.some((one) => one.tag === tag)).map((e) => e.step);

const valuesOf = (events: readonly ReadEvent[], tag: string) =>
  events.flatMap(({ summary }) => summary?.value.filter((one) => one.tag === tag) ?? []);

it('writes scalars, pictures and histograms that another reader understands', async () => {
  const { losses } = await run(6);
  const events = await readEvents(folder);
  expect(events[0]).toMatchObject({ step: 0, fileVersion: 'brain.Event:2' });
  for (const { wallTime } of events)
    expect(Math.abs(wallTime - Date.now() / 1000)).toBeLessThan(60);

  const generator = valuesOf(events, 'losses/generator');
  expect(stepsOf(events, 'losses/generator')).toEqual(stepsOf(events, 'statistics/realLogit'));
  expect(new Set(stepsOf(events, 'losses/generator'))).toEqual(new Set([1, 2, 4, 6]));
  expect(generator.at(-1)!.simpleValue).toBe(losses['generator']);
  expect(valuesOf(events, 'speed/stepsPerSecond')[0]!.simpleValue).toBeGreaterThan(0);

  expect(stepsOf(events, 'samples')).toEqual([4, 6]);
  const { height, width, colorspace, encodedImageString } = valuesOf(events, 'samples')[0]!.image!;
  // 2×2 pictures of 8×8, seven times as large, 2 pixels apart.
  expect([height, width, colorspace]).toEqual([114, 114, 1]);
  expect(await sharp(encodedImageString).metadata()).toMatchObject({
    format: 'png',
    width,
    height,
  });

  const kernel = valuesOf(events, 'weights/generator/generator/0-kernel');
  expect(kernel).toHaveLength(2);
  const { min, max, num, bucketLimit, bucket } = kernel[0]!.histo!;
  expect(num).toBe(4 * 12);
  expect(bucket.reduce((a, b) => a + b)).toBe(num);
  expect(bucketLimit.at(-1)).toBe(max);
  expect(min).toBeLessThan(bucketLimit[0]!);
});

it('goes on in another file, with no step doubled', async () => {
  await run(6);
  await dropEventsAfter(diskStore(folder), 3);
  await run(8, { step: 3, seconds: 1 });
  expect(await readdir(folder)).toHaveLength(2);
  const events = await readEvents(folder);
  expect(stepsOf(events, 'losses/generator')).toEqual([1, 2, 4, 6, 8]);
  expect(stepsOf(events, 'samples')).toEqual([4, 8]);
  const [start] = events.filter(({ sessionLog }) => sessionLog);
  expect(start).toMatchObject({ step: 4, sessionLog: { status: 'START' } });
});

it('drops what a kill cut off, and nothing else', async () => {
  await dropEventsAfter(diskStore(join(folder, 'nowhere')), 3);
  await run(4);
  const [name] = await readdir(folder);
  const path = join(folder, name!);
  const whole = await readFile(path);
  await dropEventsAfter(diskStore(folder), 4);
  expect(await readFile(path)).toEqual(whole);
  await truncate(path, whole.length - 1);
  await dropEventsAfter(diskStore(folder), 4);
  const events = await readEvents(folder);
  expect(stepsOf(events, 'losses/generator')).toEqual([1, 2, 4]);
  expect(stepsOf(events, 'samples')).toEqual([]);
  await writeFile(join(folder, 'other.txt'), 'mine');
  await dropEventsAfter(diskStore(folder), 0);
  expect(stepsOf(await readEvents(folder), 'losses/generator')).toEqual([]);
  expect(await readFile(join(folder, 'other.txt'), 'utf8')).toBe('mine');
});
