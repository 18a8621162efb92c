import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { TrainEvent } from '@ganloom/training';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { forkSeed, parentSinks } from './fork-seed';

let folder: string;
const program = process.argv[1]!;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganloom-fork-'));
});
afterEach(async () => {
  process.argv[1] = program;
  await rm(folder, { recursive: true });
});

/** Makes a script the program that is forked. */
async function programIs(script: string): Promise<void> {
  process.argv[1] = join(folder, 'program.mjs');
  await writeFile(process.argv[1], script);
}

it('hears of steps, and how the process ended', async () => {
  await programIs(`
    process.send({ step: Number(process.argv[2]) });
    process.send({ step: Number(process.argv[2]) + 1 });
    console.error('went wrong');
    process.exitCode = process.env.GANLOOM_SEED_PROCESS === '1' ? 3 : 4;
    setTimeout(() => process.disconnect(), 50);
  `);
  const steps: number[] = [];
  const { signal } = new AbortController();
  const end = await forkSeed(['41'], { signal, onStep: (step) => steps.push(step) });
  expect(steps).toEqual([41, 42]);
  expect(end).toEqual({ code: 3, errors: 'went wrong\n' });
});

it('closes the channel when it is to stop, and waits for the end', async () => {
  await programIs(`
    const timer = setTimeout(() => process.exit(9), 20_000);
    process.on('disconnect', () => { clearTimeout(timer); process.exitCode = 130; });
    process.send({ step: 1 });
  `);
  const controller = new AbortController();
  const end = await forkSeed([], { signal: controller.signal, onStep: () => controller.abort() });
  expect(end.code).toBe(130);
});

it('interrupts a training, once, whose parent closed the channel', async () => {
  const child = {
    env: {},
    connected: true,
    send: vi.fn<() => boolean>(() => true),
    emit: vi.fn<() => boolean>(() => true),
  };
  expect(parentSinks(child)).toEqual([]);
  const [sink] = parentSinks(Object.assign(child, { env: { GANLOOM_SEED_PROCESS: '1' } }));
  const step = (n: number): TrainEvent => ({ type: 'step', step: n, seconds: n });
  await sink!({ type: 'start', step: 0, steps: 9, batchSize: 1, drawsSamples: false });
  await sink!(step(1));
  expect(child.send.mock.calls).toEqual([[{ step: 1 }]]);
  child.connected = false;
  await sink!(step(2));
  await sink!(step(3));
  expect(child.send).toHaveBeenCalledOnce();
  expect(child.emit.mock.calls).toEqual([['SIGINT', 'SIGINT']]);
});
