import { mkdir, mkdtemp, readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Batch, GanloomError } from '@ganloom/core';
import { captureOutput } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { tinyData, tinyVariant } from '../testing/tiny';
import { type Recipe, type RecipeSettings, runRecipe } from './run-recipe';

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

/** A run of two steps. */
function tiny(
  more: Partial<Recipe<Batch, tf.Tensor>> = {},
  settings: Partial<RecipeSettings> = {},
): Recipe<Batch, tf.Tensor> {
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
    /config\.json must be written before training begins, but: E[A-Z]+: .*; make room on the disk, or choose another folder by --out$/,
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
