import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runTraining, type TrainEvent } from '@ganloom/training';
import { disk, onBadDisk } from '@ganloom/test-tools/faulty-disk';
import { readEvents } from '@ganloom/test-tools/read-events';
import {
  bestCheckpoint,
  type Checkpoint,
  dropEventsAfter,
  dropMetricsAfter,
  metricsSink,
  newestCheckpoint,
  tensorboardSink,
  writeCheckpoint,
} from '@ganloom/runs';
import type { Store } from '@ganloom/storage';
import { diskStore } from '@ganloom/storage/node';
import { tinyReport } from '../../test/tiny-report';
import { readReportData } from './report-data';

vi.mock('node:fs/promises', async (importOriginal) => {
  const { faultyFiles } = await import('@ganloom/test-tools/faulty-disk');
  return faultyFiles(await importOriginal());
});

beforeAll(() => tf.setBackend('cpu'));

let path: string;
let run: Store;
/** Of the checkpoints in it. */
let folder: string;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'ganloom-reads-'));
  run = diskStore(path);
  folder = join(path, 'checkpoints');
});
afterEach(async () => {
  disk.armed = false;
  await rm(path, { recursive: true });
});

const READS = ['readdir', 'readFile'];
const SAYS = 'EIO: the disk says no, ';

/** How good each step is: the smaller the better. */
const values = new Map([
  [5, 1],
  [10, 3],
  [15, 2],
  [20, 4],
]);

async function write(step: number, keep = 3): Promise<void> {
  const tensors = { kernel: tf.tensor1d([step, -0.5]) };
  const best = { metric: 'distance', better: 'smaller', value: values.get(step) } as const;
  try {
    await writeCheckpoint(run, { step, seconds: step / 2 }, tensors, { keep, best });
  } finally {
    tf.dispose(tensors);
  }
}

/** The step of a checkpoint, whose tensors must be those of its step. */
function stepOf(found: Checkpoint): number {
  const { kernel } = found.tensors();
  expect([...kernel!.dataSync()]).toEqual([found.step, -0.5]);
  tf.dispose(kernel!);
  return found.step;
}

describe.each([false, true])('EIO at any read, for good: %s', (forGood) => {
  /** Does something once for each read that may fail, and once on a good disk. */
  const everyRead = async <T>(
    work: () => Promise<T>,
    check: (result: T | undefined, error: Error | undefined, failed: string) => Promise<void>,
  ) => {
    for (let at = 1; ; at++) {
      let result: T | undefined;
      const { error, calls } = await onBadDisk(
        { at, forGood, code: 'EIO', only: READS },
        async () => (result = await work()),
      );
      await check(result, error, calls[at - 1] ?? 'none');
      if (at > calls.length) return calls;
    }
  };

  it.each([
    ['newestCheckpoint', newestCheckpoint, 15],
    ['bestCheckpoint', bestCheckpoint, 5],
  ] as const)('%s is the right one, or says why it is not', async (_, find, right) => {
    for (const step of [5, 10, 15]) await write(step);
    const before = await readdir(folder);
    let warnings: string[] = [];
    const calls = await everyRead(
      () => {
        warnings = [];
        return find(run, (message) => warnings.push(message));
      },
      async (found, error, failed) => {
        const step = found && stepOf(found);
        const said = [...warnings, error?.message ?? ''].join('\n');
        expect(said.includes(SAYS)).toBe(failed !== 'none');
        // Which file, unless it was the folder.
        const passedOver =
          /^the checkpoint .*step-0000\d\d cannot be read: .*\(reading .*\.(json|safetensors)\)/;
        expect(warnings.filter((message) => !passedOver.test(message))).toEqual([]);
        expect(error?.message ?? folder).toContain(folder);
        const name = `step-${String(right).padStart(6, '0')}`;
        expect(step === right || error !== undefined || said.includes(`${name} cannot`)).toBe(true);
        expect(await readdir(folder)).toEqual(before);
        expect(stepOf(await find(run))).toBe(right);
      },
    );
    for (const call of READS) expect(calls).toContain(call);
  });

  it('the best checkpoint stays, though it could not be read when old ones are removed', async () => {
    await everyRead(
      async () => {
        disk.armed = false;
        await rm(folder, { recursive: true, force: true });
        for (const step of [5, 10, 15]) await write(step, 1);
        disk.armed = true;
        await write(20, 1);
      },
      async (_, error) => {
        expect(error?.message ?? SAYS).toContain(SAYS);
        expect(stepOf(await bestCheckpoint(run))).toBe(5);
        await write(20, 1);
        expect(await readdir(folder)).toEqual(['step-000005', 'step-000020']);
      },
    );
  });
});

it('what a resumed run and a report read is whole, or the error names the file', async () => {
  const config = { ...tinyReport().config, app: 'tiny' };
  const [from, copy] = [join(path, 'from'), join(path, 'run')];
  const [whole, run] = [diskStore(from), diskStore(copy)];
  async function* events(): AsyncGenerator<TrainEvent> {
    yield { type: 'start', step: 0, steps: 4, batchSize: 8, drawsSamples: false };
    for (const step of [1, 2, 3]) {
      yield { type: 'metrics', step, seconds: step, losses: { generator: step }, statistics: {} };
    }
    yield {
      ...{ type: 'end', step: 3, seconds: 3, imagesPerSecond: 8, reason: 'steps' },
      losses: {},
    };
  }
  await runTraining(events(), [metricsSink(whole), tensorboardSink(whole)]);
  await mkdir(join(from, 'samples'));
  await writeFile(join(from, 'samples', 'step-000002.png'), 'x');
  await writeFile(join(from, 'config.json'), JSON.stringify(config));
  await writeFile(
    join(from, 'summary.json'),
    JSON.stringify({ reason: 'steps', steps: 3, seconds: 3 }),
  );

  const works: Record<string, { work: () => Promise<unknown>; reads: readonly string[] }> = {
    'the lines that stay': { work: () => dropMetricsAfter(run, 2), reads: ['readFile'] },
    'the events that stay': { work: () => dropEventsAfter(run, 2), reads: READS },
    'the report': { work: () => readReportData(run, 'tiny'), reads: READS },
  };
  for (const [name, { work, reads }] of Object.entries(works)) {
    let called: string[];
    for (let at = 1; ; at++) {
      await rm(copy, { recursive: true, force: true });
      await cp(from, copy, { recursive: true });
      const { error, calls } = await onBadDisk(
        { at, code: 'EIO', only: [...READS, 'truncate'] },
        work,
      );
      const failed = calls[at - 1];
      expect([name, error?.message.includes(SAYS) ?? false]).toEqual([name, failed !== undefined]);
      expect(error?.message ?? copy).toContain(copy);
      // Nothing is gone, and when the disk is well it does what it should.
      const lines = (await readFile(join(copy, 'metrics.jsonl'), 'utf8')).trim().split('\n');
      expect([2, 3]).toContain(lines.length);
      await dropMetricsAfter(run, 2);
      await dropEventsAfter(run, 2);
      expect((await readFile(join(copy, 'metrics.jsonl'), 'utf8')).trim().split('\n')).toEqual(
        lines.slice(0, 2),
      );
      const left = (await readEvents(copy)).flatMap((one) => (one.summary ? one.step : []));
      expect(left).toEqual([1, 2]);
      called = calls;
      if (failed === undefined) break;
    }
    expect(called).toEqual(expect.arrayContaining([...reads]));
  }
});
