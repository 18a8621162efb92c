import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GanloomError, RandomStream } from '@ganloom/core';
import { disk, onBadDisk } from '@ganloom/test-tools/faulty-disk';
import type { Store } from '@ganloom/storage';
import { diskStore } from '@ganloom/storage/node';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { newestCheckpoint } from './read-checkpoint';
import { writeCheckpoint } from './write-checkpoint';

vi.mock('node:fs/promises', async (importOriginal) => {
  const { faultyFiles } = await import('@ganloom/test-tools/faulty-disk');
  return faultyFiles(await importOriginal());
});

// Thousands of small files.
vi.setConfig({ testTimeout: 60_000 });
beforeAll(() => tf.setBackend('cpu'));

let path: string;
let run: Store;
/** Of the checkpoints in it. */
let folder: string;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'ganloom-faults-'));
  run = diskStore(path);
  folder = join(path, 'checkpoints');
});
afterEach(async () => {
  disk.armed = false;
  await rm(path, { recursive: true });
});

const valuesOf = (step: number) => [step, -0.5, step / 3].map(Math.fround);

async function write(step: number, keep = 2, more?: object): Promise<void> {
  const tensors = {
    kernel: tf.tensor1d(valuesOf(step)),
    updates: tf.scalar(step, 'int32'),
    ...more,
  };
  try {
    await writeCheckpoint(run, { step, seconds: step / 2 }, tensors, { keep });
  } finally {
    tf.dispose(tensors);
  }
}

/** What a resumed run would begin with; its tensors must be those of its step. */
async function resumed() {
  const warnings: string[] = [];
  const found = await newestCheckpoint(run, (message) => warnings.push(message));
  const tensors = found.tensors();
  expect([...tensors['kernel']!.dataSync()]).toEqual(valuesOf(found.step));
  expect([...tensors['updates']!.dataSync()]).toEqual([found.step]);
  expect(found.seconds).toBe(found.step / 2);
  tf.dispose(tensors);
  return { step: found.step, warnings };
}

describe.each([
  ['ENOSPC', false],
  ['EIO', true],
] as const)('%s of a disk that is broken for good: %s', (code, forGood) => {
  const everyCall = async (
    before: () => Promise<void>,
    work: () => Promise<void>,
    after: (error: Error | undefined) => Promise<void>,
  ) => {
    for (let at = 1; ; at++) {
      await before();
      const { error, calls } = await onBadDisk({ at, code, forGood }, work);
      await after(error);
      if (at > calls.length) return calls;
    }
  };

  it('loses no checkpoint at any call, and says which was not written', async () => {
    const calls = await everyCall(
      async () => {
        await rm(folder, { recursive: true, force: true });
        for (const step of [0, 5]) await write(step);
      },
      () => write(10),
      async (error) => {
        const { step, warnings } = await resumed();
        // What a disk that is broken for good leaves is seen, but no checkpoint.
        const unfinished =
          `the checkpoint ${join(folder, 'step-000010')} was not finished, or is damaged: ` +
          'it has no manifest.json; looking for another one';
        expect(warnings.filter((one) => !forGood || one !== unfinished)).toEqual([]);
        expect(error === undefined || GanloomError.isInstance(error)).toBe(true);
        const says = `${code}: the disk says no`;
        const unwritten = `writeCheckpoint: ${join(folder, 'step-000010')} could not be written: ${says}`;
        const expected = step === 5 ? unwritten : says;
        expect(error ? error.message : expected).toContain(expected);
        expect(error ? 10 : step).toBe(10);
        // When the disk is well again, all is as if nothing had been.
        await write(15, 1);
        expect((await readdir(folder)).sort()).toEqual(['step-000015']);
      },
    );
    // The test sees what it is to see.
    for (const call of ['open', 'write', 'sync', 'close', 'rename', 'mkdir', 'rm']) {
      expect(calls).toContain(call);
    }
  });

  it('loses no checkpoint that is written again, though it is the only one', async () => {
    await everyCall(
      async () => {
        await rm(folder, { recursive: true, force: true });
        await write(10, 1);
      },
      () => write(10, 1),
      async () => {
        expect((await resumed()).step).toBe(10);
        await write(10, 1);
        expect(await readdir(folder)).toEqual(['step-000010']);
      },
    );
  });

  it('loses none that is written again with other weights', async () => {
    const other = { more: tf.scalar(1) };
    await everyCall(
      async () => {
        await rm(folder, { recursive: true, force: true });
        await write(10, 1);
      },
      () => write(10, 1, other),
      async () => {
        expect((await resumed()).step).toBe(10);
        await write(10, 1, { more: tf.scalar(2) });
        expect((await resumed()).step).toBe(10);
        const parts = (await readdir(join(folder, 'step-000010'))).sort();
        expect(parts).toEqual(['manifest.json', expect.stringMatching(/^weights.*\.safetensors$/)]);
      },
    );
  });
});

describe('200 kinds of damage', () => {
  /** Damages one of a checkpoint's files somewhere, and tells what was in it. */
  async function damage(place: string, random: RandomStream) {
    const pick = (below: number) => random.integers(1, below)[0]!;
    const file = join(place, ['manifest.json', 'weights.safetensors'][pick(2)]!);
    const good = await readFile(file);
    const at = pick(good.length);
    const length = 1 + pick(Math.min(64, good.length - at));
    const bad = Buffer.from(good);
    const kinds: (() => Promise<unknown>)[] = [
      () => ((bad[at]! ^= 1 << pick(8)), writeFile(file, bad)),
      () => writeFile(file, bad.subarray(0, at)),
      () => writeFile(file, bad.fill(0, at, at + length)),
      () => writeFile(file, bad.fill(255, at, at + length)),
      () => writeFile(file, Buffer.concat([bad.subarray(0, at), bad.subarray(at + length)])),
      () => appendFile(file, bad.subarray(0, length)),
      () => writeFile(file, bad.copyWithin(at, 0, length)),
      () => rm(file),
    ];
    await kinds[pick(kinds.length)]!();
    const now = await readFile(file).catch(() => undefined);
    return { file, good, changed: !now?.equals(good) };
  }

  it('of the newest checkpoint: it is passed over by name, or its tensors are right', async () => {
    const random = RandomStream.fromSeed(7);
    let passedOver = 0;
    await write(5);
    await write(10);
    const place = join(folder, 'step-000010');
    for (let trial = 0; trial < 200; trial++) {
      const { file, good, changed } = await damage(place, random.fork(`trial-${trial}`));
      const { step, warnings } = await resumed();
      // The newest is as good as it was if only white space of the manifest has changed.
      const isPassedOver = step !== 10;
      passedOver += Number(isPassedOver);
      expect([5, 10]).toContain(step);
      expect(changed || !isPassedOver).toBe(true);
      const named = new RegExp(`^the checkpoint ${place} .*(manifest.json|weights.safetensors)`);
      expect(warnings.map((message) => named.test(message))).toEqual(isPassedOver ? [true] : []);
      // And the run goes on over it, of which a few are enough.
      if (trial < 10) await write(10);
      else await writeFile(file, good);
      expect((await resumed()).step).toBe(10);
    }
    expect(passedOver).toBeGreaterThan(150);
  });

  it('of all checkpoints: each is named, and nothing is resumed', async () => {
    const random = RandomStream.fromSeed(8);
    for (let trial = 0; trial < 20; trial++) {
      await rm(folder, { recursive: true, force: true });
      await write(5);
      await write(10);
      for (const name of ['step-000005', 'step-000010']) {
        const file = join(folder, name, 'weights.safetensors');
        const bytes = await readFile(file);
        bytes[random.integers(1, bytes.length)[0]!]! ^= 4;
        await writeFile(file, bytes);
      }
      const warnings: string[] = [];
      await expect(newestCheckpoint(run, (message) => warnings.push(message))).rejects.toThrow(
        `${folder} must hold a whole checkpoint, but none of the 2 in it can be used: `,
      );
      expect(warnings.map((message) => message.includes('weights.safetensors'))).toEqual([
        true,
        true,
      ]);
    }
  });
});
