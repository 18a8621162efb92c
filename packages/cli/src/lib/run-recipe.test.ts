import { mkdir, mkdtemp, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Batch, type Dataset, GanloomError, RandomStream } from '@ganloom/core';
import { growingPlan, tinyData, tinyVariant } from '@ganloom/tiny-gan';
import { captureOutput } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { type Recipe, type RecipeSettings, runRecipe } from './run-recipe';

beforeAll(() => tf.setBackend('cpu'));

let folder: string;
let said: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganloom-recipe-'));
  said = captureOutput();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const data = {
  name: 'tones',
  size: 16,
  shapes: { images: [4, 4, 1] },
  batch: (indices: ArrayLike<number>): Batch => ({
    images: tf.fill([indices.length, 4, 4, 1], indices[0]! / 16),
  }),
};

/** Networks that grow after two of four steps. */
function growing(out: string, resume = false): Recipe<tf.Tensor> {
  const every = { sampleEvery: 1, logEvery: 1, checkpointEvery: 1 };
  return {
    app: 'growing',
    version: '0',
    settings: { out, resume, batch: 4, seed: 3, ema: 0.9, ...every },
    backend: async () => ({ name: 'cpu', device: 'one' }),
    data: async () => data,
    plan: (_, random: RandomStream) => growingPlan(random, [2, 2]).stages,
    samples: { count: 4 },
  };
}

const lines = async (out: string) =>
  (await readFile(join(out, 'metrics.jsonl'), 'utf8')).replaceAll(/"seconds":[^,}]*/g, '');
const weights = (out: string, network: string) =>
  readFile(join(out, network, 'weights.bin'), 'latin1');

it('runs networks that grow, and saves and averages those of each stage', async () => {
  const out = join(folder, 'run');
  expect(await runRecipe(growing(out))).toBe(0);
  const entries = await readdir(out);
  expect(entries).toEqual(expect.arrayContaining(['small', 'large', 'small-small']));
  // What the first stage has left stays as it was; a part of it went on learning in the second.
  expect(await weights(out, 'small')).not.toEqual(await weights(out, 'small-small'));
});

it('begins a run that was ended before its first checkpoint', async () => {
  const [whole, cut] = [join(folder, 'whole'), join(folder, 'cut')];
  await runRecipe(growing(whole));
  await runRecipe(growing(cut));
  for (const name of await readdir(cut)) {
    if (name !== 'config.json') await rm(join(cut, name), { recursive: true });
  }
  said.length = 0;
  expect(await runRecipe(growing(cut, true))).toBe(0);
  expect(said.join('')).toContain('ended before its first checkpoint: it begins with step 1');
  expect(await lines(cut)).toBe(await lines(whole));
  expect(await weights(cut, 'large')).toBe(await weights(whole, 'large'));
});

it('does not begin anew where steps were taken and no checkpoint is left', async () => {
  const out = join(folder, 'run');
  await runRecipe(growing(out));
  const before = await lines(out);
  await rm(join(out, 'checkpoints'), { recursive: true });
  await expect(runRecipe(growing(out, true))).rejects.toThrow('but it has none; train anew');
  expect(await lines(out)).toBe(before);
});

it('refuses a second training of the folder, which the first does not notice', async () => {
  const [whole, out] = [join(folder, 'whole'), join(folder, 'run')];
  await runRecipe(growing(whole));
  const refused: string[] = [];
  const first = growing(out);
  const code = await runRecipe({
    ...first,
    sinks: [
      async ({ type }) => {
        if (type !== 'samples') return;
        for (const again of [growing(out, true), first]) {
          refused.push(await runRecipe(again).then(String, (error: Error) => error.message));
        }
      },
    ],
  });
  expect(code).toBe(0);
  expect(refused).toHaveLength(8);
  expect(refused[0]).toContain(
    `${out} must have one training at a time, but process ${process.pid} trains there`,
  );
  expect(refused[1]).toContain('is not empty');
  expect(await lines(out)).toBe(await lines(whole));
  // It is let in again after an end, and after an error.
  expect(await readdir(out)).not.toContain('run.lock');
  const failing = { ...growing(out, true), data: () => Promise.reject(new Error('no data')) };
  await expect(runRecipe(failing)).rejects.toThrow('no data');
  expect(await readdir(out)).not.toContain('run.lock');
  expect(await runRecipe(growing(out, true))).toBe(0);
});

/** A run of two steps. */
function tiny(
  more: Partial<Recipe<tf.Tensor>> = {},
  settings: Partial<RecipeSettings> = {},
): Recipe<tf.Tensor> {
  return {
    app: 'tiny',
    version: '1',
    settings: {
      ...{ out: join(folder, 'run'), resume: false, batch: 4, seed: 0, ema: 0 },
      ...{ sampleEvery: 2, logEvery: 1, checkpointEvery: 1, ...settings },
    },
    async backend() {
      await tf.setBackend('cpu');
      return { name: 'cpu', device: 'cpu' };
    },
    data: async () => tinyData(),
    plan: () => tinyVariant(),
    steps: 2,
    samples: { count: 4 },
    ...more,
  };
}

it('does not train without a config.json, says why, and can be started again', async () => {
  const path = join(folder, 'run', 'config.json');
  const sink = vi.fn<() => void>();
  const onBadDisk = tiny({
    sinks: [sink],
    async data() {
      await mkdir(path);
      return tinyData();
    },
  });
  const failure = await runRecipe(onBadDisk).catch((error: Error) => error);
  expect(GanloomError.isInstance(failure)).toBe(true);
  expect((failure as Error).message).toMatch(
    /config\.json must be written before training begins, but: E[A-Z]+: .*; make room on the disk, or choose another place$/,
  );
  expect((failure as Error).message).toContain(path);
  expect(sink).not.toHaveBeenCalled();
  await rmdir(path);
  expect(await readdir(join(folder, 'run'))).toEqual([]);

  const seen: string[] = [];
  const noted = tiny({
    sinks: [
      async ({ type }) =>
        void seen.push(`${type}: ${JSON.parse(await readFile(path, 'utf8')).app}`),
    ],
  });
  expect(await runRecipe(noted)).toBe(0);
  expect(seen[0]).toBe('start: tiny');
  expect(said.join('')).not.toContain('warning');
});

it('says what was changed in config.json since the checkpoint that it goes on with', async () => {
  const path = join(folder, 'run', 'config.json');
  expect(await runRecipe(tiny())).toBe(0);
  expect(await runRecipe(tiny({ steps: 3 }, { resume: true }))).toBe(0);
  expect(said.join('')).not.toContain('was changed');

  const config = JSON.parse(await readFile(path, 'utf8'));
  config.settings = { ...config.settings, batch: 5, ema: undefined, added: 'x' };
  await writeFile(path, JSON.stringify(config));
  expect(await runRecipe(tiny({ steps: 4 }, { resume: true, batch: 5 }))).toBe(0);
  expect(said.join('')).toContain(
    `warning: ${path} was changed after step 3: batch was 4, now 5; ema was 0, now not there; ` +
      'added was not there, now "x". The run goes on by it',
  );

  // Known from here on.
  said.length = 0;
  expect(await runRecipe(tiny({ steps: 5 }, { resume: true, batch: 5 }))).toBe(0);
  expect(said.join('')).not.toContain('was changed');
});

it('goes on with the data that it began with, unless it is told to take others', async () => {
  const path = join(folder, 'run', 'config.json');
  expect(await runRecipe(tiny())).toBe(0);
  const again = (data: Dataset) =>
    runRecipe(tiny({ steps: 3, data: async () => data }, { resume: true }));
  const { size } = tinyData();
  await expect(again(tinyData(size + 1))).rejects.toThrow(
    `a resumed run needs the data it began with, ${size} examples of tiny; got ${size + 1} of tiny`,
  );
  // One example is another.
  const other = tinyData(size, (i) => (i === 3 ? 0.5 : 0));
  await expect(again(other)).rejects.toThrow(
    `${size} examples of tiny; got as many that differ; put them back as they were, or remove "fingerprint" from ${path}`,
  );
  const config = JSON.parse(await readFile(path, 'utf8'));
  expect(config.data.fingerprint).toMatch(/^[\da-f]{16}$/);
  delete config.data.fingerprint;
  await writeFile(path, JSON.stringify(config));
  expect(await again(other)).toBe(0);
});
