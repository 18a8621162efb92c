import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GanloomError, UsageError } from '@ganloom/core';
import { memoryStore, putText } from '@ganloom/storage';
import { diskStore } from '@ganloom/storage/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockRun, requireNewRun } from './lock-run';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganloom-run-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('requireNewRun', () => {
  it('takes a new folder and an empty one', async () => {
    const stores = [diskStore(join(folder, 'new', 'run')), diskStore(folder), memoryStore()];
    for (const run of stores) await expect(requireNewRun(run)).resolves.toBeUndefined();
  });

  it('refuses one in use, and a file', async () => {
    await writeFile(join(folder, 'file'), '');
    const inUse = requireNewRun(diskStore(folder));
    await expect(inUse).rejects.toBeInstanceOf(UsageError);
    await expect(inUse).rejects.toThrow(
      `a new run needs a new or empty place, but ${folder} is not empty; ` +
        'choose another, or resume the run in it',
    );
    for (const path of [join(folder, 'file'), join(folder, 'file', 'run')]) {
      const refused = requireNewRun(diskStore(path));
      await expect(refused).rejects.toBeInstanceOf(UsageError);
      await expect(refused).rejects.toThrow(
        `${path} must be a folder, but is a file or lies below`,
      );
    }
  });

  it('takes a lock alone for nothing', async () => {
    const run = diskStore(folder);
    for (const name of ['run.lock', 'run.lock.claim']) await putText(run, name, '');
    await requireNewRun(run);
    await putText(run, 'config.json', '{}');
    await expect(requireNewRun(run)).rejects.toThrow('is not empty');
  });
});

describe('lockRun', () => {
  it('lets one training in, and the next when that has ended', async () => {
    const run = diskStore(folder);
    const lock = await lockRun(run);
    const refused = lockRun(run);
    await expect(refused).rejects.toBeInstanceOf(GanloomError);
    await expect(refused).rejects.toThrow(
      new RegExp(
        `^${folder} must have one training at a time, but process ${process.pid} trains there since ` +
          '20.*; wait for its end, or end it; if it trains in a folder that this is a copy of, ' +
          `remove ${join(folder, 'run.lock')}$`,
      ),
    );
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
    await (await lockRun(run)).release();
  });

  it('names the file that cannot be written', async () => {
    await expect(lockRun(diskStore('/proc/ganloom'))).rejects.toThrow(
      /^\/proc\/ganloom\/run\.lock must be written before training begins, but: ENOENT: .*; make room on the disk, or choose another place$/,
    );
  });
});
