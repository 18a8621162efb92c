import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GanloomError } from '@ganloom/core';
import { type MetricsEvent, runTraining, type Sink, type TrainEvent } from '@ganloom/training';
import { diskStore } from '@ganloom/storage/node';
import { disk, onBadDisk } from '@ganloom/test-tools/faulty-disk';
import { readEvents } from '@ganloom/test-tools/read-events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { metricsSink } from './metrics-sink';
import { tensorboardSink } from './tensorboard/tensorboard-sink';

vi.mock('node:fs/promises', async (importOriginal) => {
  const { faultyFiles } = await import('@ganloom/test-tools/faulty-disk');
  return faultyFiles(await importOriginal());
});

let folder: string;
let run: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganloom-append-'));
  run = join(folder, 'run');
});
afterEach(async () => {
  disk.armed = false;
  await rm(folder, { recursive: true });
});

const metrics = (step: number): MetricsEvent => ({
  type: 'metrics',
  step,
  seconds: step,
  losses: { generator: step / 3 },
  statistics: {},
});
const start: TrainEvent = { type: 'start', step: 0, steps: 5, batchSize: 8, drawsSamples: false };
const end: TrainEvent = {
  ...{ type: 'end', step: 5, seconds: 5, imagesPerSecond: 8, reason: 'steps', losses: {} },
};
const steps = (...numbers: number[]) =>
  numbers.map((n) => `${JSON.stringify({ ...metrics(n), type: undefined })}\n`).join('');

const text = () => readFile(join(run, 'metrics.jsonl'), 'utf8').catch(() => '');
const loggedSteps = async () => (await readEvents(run)).flatMap((e) => (e.summary ? e.step : []));

/**
 * The events of three logged steps on a bad disk, each to its end; then two more on a good one.
 * What an event failed by, and the metrics before and after it.
 */
async function play(sink: Sink, settings: Parameters<typeof onBadDisk>[0]) {
  const failures: { message: string; before: string; after: string }[] = [];
  const { calls } = await onBadDisk(settings, async () => {
    for (const event of [start, metrics(1), metrics(2), metrics(3)]) {
      disk.armed = false;
      const before = await text();
      disk.armed = true;
      const error = await Promise.resolve(sink(event)).then(
        () => undefined,
        (reason: Error) => reason,
      );
      disk.armed = false;
      // Only such errors name the file.
      const message = GanloomError.isInstance(error) ? error.message : String(error);
      if (error) failures.push({ message, before, after: await text() });
    }
  });
  for (const event of [metrics(4), metrics(5), end]) await sink(event);
  return { calls, failures };
}

describe.each([
  ['ENOSPC', false],
  ['EIO', true],
] as const)('%s of a disk that is broken until it is mended: %s', (code, forGood) => {
  const everyCall = async (
    sink: () => Sink,
    check: (failures: Awaited<ReturnType<typeof play>>['failures']) => Promise<void>,
  ) => {
    for (let at = 1; ; at++) {
      await rm(run, { recursive: true, force: true });
      const { calls, failures } = await play(sink(), { at, code, forGood });
      // The folder is only looked into for a better name.
      const isHarmless = at > calls.length || (calls[at - 1] === 'readdir' && !forGood);
      expect(failures.length > 0).toBe(!isHarmless);
      await check(failures);
      if (at > calls.length) return calls;
    }
  };

  it('loses no line, doubles none and names the file, at any call', async () => {
    const path = join(run, 'metrics.jsonl');
    const says = `${path} could not be written: ${code}: the disk says no, `;
    const calls = await everyCall(
      () => metricsSink(diskStore(run)),
      async (failures) => {
        expect(failures.filter(({ message }) => !message.startsWith(says))).toEqual([]);
        // Nothing can be cut off by a disk that does nothing any more.
        const torn = failures.filter(({ before, after }) => before !== after);
        expect(forGood ? [] : torn).toEqual([]);
        expect(await text()).toBe(steps(1, 2, 3, 4, 5));
      },
    );
    for (const call of ['stat', 'appendFile', 'mkdir']) expect(calls).toContain(call);
  });

  it('loses no event of TensorBoard and names the file, at any call', async () => {
    const says = /^\/.*events\.out\.tfevents\.\d+\.0 could not be written: E[A-Z]+: the disk/;
    const calls = await everyCall(
      () => tensorboardSink(diskStore(run)),
      async (failures) => {
        expect(failures.filter(({ message }) => !says.test(message))).toEqual([]);
        expect(await loggedSteps()).toEqual([1, 2, 3, 4, 5]);
      },
    );
    for (const call of ['readdir', 'appendFile']) expect(calls).toContain(call);
  });
});

it('says at the end what is lost, each file by its name', async () => {
  const warnings: string[] = [];
  async function* events() {
    yield* [start, metrics(1), metrics(2), end];
  }
  await onBadDisk({ at: 1, forGood: true, only: ['appendFile'] }, () =>
    runTraining(events(), [metricsSink(diskStore(run)), tensorboardSink(diskStore(run))], {
      onSinkError: (error, { type }) => warnings.push(`${type}: ${(error as Error).message}`),
    }),
  );
  const no = 'could not be written: ENOSPC: the disk says no, appendFile; ';
  expect(warnings.map((one) => one.replace(run, 'run').replace(/\.\d+\.0/, '.N'))).toEqual([
    `start: run/events.out.tfevents.N ${no}what belongs there is kept, and written when the disk has room`,
    `metrics: run/metrics.jsonl ${no}what belongs there is kept, and written when the disk has room`,
    `end: run/metrics.jsonl ${no}its last 2 entries are lost`,
    `end: run/events.out.tfevents.N ${no}its last 3 entries are lost`,
  ]);
});

it('goes on behind what a file holds, and begins anew where it was taken away', async () => {
  const path = join(folder, 'metrics.jsonl');
  await writeFile(path, steps(1));
  const sink = metricsSink(diskStore(folder));
  await onBadDisk({ at: 1, only: ['appendFile'] }, async () => sink(metrics(2)));
  expect(await readFile(path, 'utf8')).toBe(steps(1));
  await onBadDisk({ at: 1, forGood: true, only: ['appendFile', 'truncate'] }, async () =>
    sink(metrics(3)),
  );
  await rm(path);
  await sink(metrics(4));
  expect(await readFile(path, 'utf8')).toBe(steps(2, 3, 4));
});
