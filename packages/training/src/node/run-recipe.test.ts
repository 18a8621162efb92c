import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Batch, RandomStream } from '@ganloom/core';
import { captureOutput } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { growingPlan } from '../testing/growing-game';
import { type Recipe, runRecipe } from './run-recipe';

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
  imageShape: { height: 4, width: 4, channels: 1 },
  batch: (indices: ArrayLike<number>): Batch => ({
    images: tf.fill([indices.length, 4, 4, 1], indices[0]! / 16),
  }),
};

/** Networks that grow after two of four steps. */
function growing(out: string, resume = false): Recipe<Batch, tf.Tensor> {
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
