import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GanloomError } from '@ganloom/core';
import { processIdentity } from '@ganloom/storage/node';
import { captureOutput } from '@ganloom/test-tools';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createRunFolder, runFolder, type RunFolder } from './run-folder';
import { lockRunFolder } from './run-lock';

let run: RunFolder;
let said: string[];
let child: ChildProcess | undefined;
beforeEach(async () => {
  run = runFolder(await mkdtemp(join(tmpdir(), 'ganloom-lock-')));
  said = captureOutput();
});
afterEach(async () => {
  vi.restoreAllMocks();
  child?.kill('SIGKILL');
  await rm(run.path, { recursive: true });
});

const since = '2026-01-02T03:04:05.678Z';

/** A lock as another process leaves it; the process, which runs. */
async function lockOfAnother(): Promise<ChildProcess> {
  child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  await writeFile(run.lock, JSON.stringify({ ...(await processIdentity(child.pid)), since }));
  return child;
}

it('lets one training into a folder, and the next when that has ended', async () => {
  const lock = await lockRunFolder(run);
  expect(JSON.parse(await readFile(run.lock, 'utf8'))).toMatchObject({ pid: process.pid });
  const refused = lockRunFolder(run);
  await expect(refused).rejects.toBeInstanceOf(GanloomError);
  await expect(refused).rejects.toThrow(
    `${run.path} must have one training at a time, but process ${process.pid} trains there since 20`,
  );
  await lock.release();
  expect(await readdir(run.path)).toEqual([]);
  await (await lockRunFolder(run)).release();
});

it('refuses while another process trains, and not a moment after a kill', async () => {
  const other = await lockOfAnother();
  const before = await readFile(run.lock, 'utf8');
  await expect(lockRunFolder(run)).rejects.toThrow(
    `process ${other.pid} trains there since ${since}; wait for its end, or end it; ` +
      `if it trains in a folder that this is a copy of, remove ${run.lock}`,
  );
  expect(await readFile(run.lock, 'utf8')).toBe(before);
  const ended = once(other, 'exit');
  other.kill('SIGKILL');
  await ended;
  await (await lockRunFolder(run)).release();
  expect(await readdir(run.path)).toEqual([]);
  expect(said).toEqual([]);
});

it('takes over from another machine, and says so', async () => {
  await writeFile(run.lock, JSON.stringify({ pid: 1, host: 'elsewhere', since }));
  await lockRunFolder(run);
  expect(said.join('')).toContain(
    `warning: process 1 on elsewhere has left ${run.lock}; if it still trains, end one of the two`,
  );
});

it.each(['', '{"pid": 4', 'null', '{"pid": -1}'])(
  'takes over what a kill left: %s',
  async (text) => {
    await writeFile(run.lock, text);
    const lock = await lockRunFolder(run);
    expect(JSON.parse(await readFile(run.lock, 'utf8'))).toMatchObject({ pid: process.pid });
    await lock.release();
    expect(await readdir(run.path)).toEqual([]);
  },
);

it('lets one of many in over the lock of a killed process', async () => {
  for (let trial = 0; trial < 5; trial++) {
    const { host } = await processIdentity();
    await writeFile(run.lock, JSON.stringify({ pid: 2 ** 30, host, since }));
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => lockRunFolder(run)));
    const locks = all.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    expect(locks).toHaveLength(1);
    await locks[0]!.release();
    expect(await readdir(run.path)).toEqual([]);
  }
});

it('takes over from one that was killed while it took over', async () => {
  const dead = JSON.stringify({ ...(await processIdentity()), pid: 2 ** 30, since });
  for (const name of ['', '.claim', '.claim.claim']) await writeFile(`${run.lock}${name}`, dead);
  await (await lockRunFolder(run)).release();
  expect(await readdir(run.path)).toEqual([]);
});

it('does not remove the lock of another', async () => {
  const lock = await lockRunFolder(run);
  await writeFile(run.lock, 'theirs');
  await lock.release();
  expect(await readFile(run.lock, 'utf8')).toBe('theirs');
});

it('names the file that cannot be written', async () => {
  const gone = runFolder(join(run.path, 'gone'));
  await expect(lockRunFolder(gone)).rejects.toThrow(
    /gone.run\.lock must be written before training begins, but: ENOENT: .*; make room on the disk/,
  );
});

it('is no content: a folder with a lock alone takes a new run', async () => {
  await writeFile(run.lock, '');
  expect(await createRunFolder(run.path)).toEqual(run);
  await writeFile(run.config, '{}');
  await expect(createRunFolder(run.path)).rejects.toThrow('is not empty');
});
