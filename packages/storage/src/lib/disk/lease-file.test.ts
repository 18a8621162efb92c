import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureOutput } from '@ganloom/test-tools';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LeaseHeldError, StoreError } from '../store-error';
import type { Lease } from '../store';
import { leaseFile } from './lease-file';
import { processIdentity } from './process-identity';

let folder: string;
let path: string;
let said: string[];
let child: ChildProcess | undefined;
const held: Lease[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganloom-lease-'));
  path = join(folder, 'run.lock');
  said = captureOutput();
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  child?.kill('SIGKILL');
  for (const one of held.splice(0)) await one.release();
  await rm(folder, { recursive: true });
});

async function lease(): Promise<Lease> {
  const one = await leaseFile(path);
  held.push(one);
  return one;
}

const since = '2026-01-02T03:04:05.678Z';

/** A lease as another process leaves it; the process, which runs. */
async function leaseOfAnother(): Promise<ChildProcess> {
  child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  await writeFile(path, JSON.stringify({ ...(await processIdentity(child.pid)), since }));
  return child;
}

it('says who holds it, and since when', async () => {
  const one = await lease();
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
    ...(await processIdentity()),
    since: expect.stringMatching(/^20\d\d-/),
    id: expect.any(String),
  });
  await one.release();
  expect(await readdir(folder)).toEqual([]);
});

it('refuses while another process has it, and not a moment after a kill', async () => {
  const other = await leaseOfAnother();
  const before = await readFile(path, 'utf8');
  const refused = lease();
  await expect(refused).rejects.toBeInstanceOf(LeaseHeldError);
  await expect(refused).rejects.toThrow(
    `${path} must have one holder at a time, but process ${other.pid} has it since ${since}; ` +
      'wait for its end, or end it',
  );
  expect(await readFile(path, 'utf8')).toBe(before);
  const ended = once(other, 'exit');
  other.kill('SIGKILL');
  await ended;
  await (await lease()).release();
  expect(await readdir(folder)).toEqual([]);
  expect(said).toEqual([]);
});

it('takes over from another machine, and says so', async () => {
  await writeFile(path, JSON.stringify({ pid: 1, host: 'elsewhere', since }));
  await lease();
  expect(said.join('')).toContain(
    `warning: process 1 on elsewhere has left ${path}; if it still runs, end one of the two`,
  );
  await writeFile(path, JSON.stringify({ pid: 1, host: 'elsewhere', since }));
  const warnings: string[] = [];
  held.push(await leaseFile(path, { warn: (message) => warnings.push(message) }));
  expect([warnings.length, said.length]).toEqual([1, 1]);
});

it.each(['', '{"pid": 4', 'null', '{"pid": -1}'])(
  'takes over what a kill left: %s',
  async (text) => {
    await writeFile(path, text);
    const one = await lease();
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid });
    await one.release();
    expect(await readdir(folder)).toEqual([]);
  },
);

it('lets one of many in over the lease of a killed process', async () => {
  for (let trial = 0; trial < 5; trial++) {
    const { host } = await processIdentity();
    await writeFile(path, JSON.stringify({ pid: 2 ** 30, host, since }));
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => leaseFile(path)));
    const leases = all.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    expect(leases).toHaveLength(1);
    await expect(leaseFile(path)).rejects.toBeInstanceOf(LeaseHeldError);
    await leases[0]!.release();
    expect(await readdir(folder)).toEqual([]);
  }
});

it('takes over from one that was killed while it took over', async () => {
  const dead = JSON.stringify({ ...(await processIdentity()), pid: 2 ** 30, since });
  for (const name of ['', '.claim', '.claim.claim']) await writeFile(`${path}${name}`, dead);
  await (await lease()).release();
  expect(await readdir(folder)).toEqual([]);
});

it('knows that it is lost, and does not remove that of another', async () => {
  const one = await lease();
  await writeFile(path, 'theirs');
  expect(await one.isHeld()).toBe(false);
  await one.release();
  expect(await readFile(path, 'utf8')).toBe('theirs');
  await rm(path);
  expect(await one.isHeld()).toBe(false);
});

it('is renewed every few seconds while it is held, but never that of another', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const one = await lease();
  const long = new Date('2020-01-01');
  const isRenewed = async () => (await stat(path)).mtime > long;
  await utimes(path, long, long);
  vi.advanceTimersByTime(5000);
  await expect.poll(isRenewed).toBe(true);

  await writeFile(path, 'theirs');
  await utimes(path, long, long);
  vi.advanceTimersByTime(5000);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await isRenewed()).toBe(false);
  await one.release();
  expect(vi.getTimerCount()).toBe(0);
});

it('names the file that cannot be written, and makes the folder', async () => {
  await writeFile(join(folder, 'file'), '');
  const refused = leaseFile(join(folder, 'file', 'run.lock'));
  await expect(refused).rejects.toBeInstanceOf(StoreError);
  await expect(refused).rejects.toThrow(/ENOTDIR.*file\/run\.lock/);
  await mkdir(join(folder, 'new'));
  const one = await leaseFile(join(folder, 'new', 'deep', 'run.lock'));
  expect(await one.isHeld()).toBe(true);
  await one.release();
});
