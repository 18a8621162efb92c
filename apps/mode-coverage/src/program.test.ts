import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodePicture } from '@ganloom/images/node';
import { captureOutput } from '@ganloom/test-tools';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StartSeed } from './fork-seed';
import { main } from './program';

let folder: string;
let said: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganloom-modes-'));
  said = captureOutput();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

/** Seeds in this process, one after the other. */
const here: StartSeed = async (argv) => ({ code: await main(argv), errors: '' });
const seedOf = (argv: readonly string[]) => argv[argv.indexOf('--seed') + 1];
const at = (...names: string[]) => join(folder, ...names);
const jsonOf = async (...names: string[]) => JSON.parse(await readFile(at(...names), 'utf8'));
const train = (start: StartSeed, ...more: string[]) =>
  main(['train', '--out', at('run'), '--jobs', '1', ...more], start);
const tiny = ['--threads', '1', '--seeds', '2', '--steps', '3', '--batch', '4'];
const frequent = ['--sample-every', '1', '--log-every', '1', '--checkpoint-every', '1'];

describe('train', () => {
  it('trains the seeds, counts their modes and shows their frames', async () => {
    expect(await train(here, '--target', 'ring', '--method', 'gan', ...tiny, ...frequent)).toBe(0);
    expect((await readdir(at('run'))).sort()).toEqual([
      'config.json',
      'seed-0',
      'seed-1',
      'summary.json',
      'table.md',
    ]);
    const seeds = [0, 1];
    const found = await Promise.all(seeds.map((n) => jsonOf('run', `seed-${n}`, 'coverage.json')));
    for (const one of found) {
      expect(one).toMatchObject({ of: 8, samples: 2500 });
      expect(one.counts).toHaveLength(8);
      expect(one.modes).toBe(one.counts.filter((n: number) => n > 0).length);
      const near = one.counts.reduce((sum: number, n: number) => sum + n, 0);
      expect(one.highQuality).toBeCloseTo(near / 2500, 12);
      expect(one.divergence).toBeGreaterThan(0);
    }
    const summary = await jsonOf('run', 'summary.json');
    expect(summary).toMatchObject({ target: 'ring', method: 'gan', of: 8, failed: [] });
    expect(summary.seeds).toMatchObject(
      found.map((coverage, seed) => ({ ...coverage, seed, steps: 3 })),
    );
    const meanOf = (name: string) => (found[0][name] + found[1][name]) / 2;
    expect(summary.mean.modes).toBe(meanOf('modes'));
    expect(summary.mean.divergence).toBeCloseTo(meanOf('divergence'), 12);
    expect(summary.standardDeviation.divergence).toBeCloseTo(
      Math.abs(found[0].divergence - found[1].divergence) / Math.SQRT2,
      12,
    );
    expect(summary.mean.seconds).toBeGreaterThan(0);
    const table = await readFile(at('run', 'table.md'), 'utf8');
    expect(table).toContain('| ring | gan | 2 | 3 | ');
    expect(said.join('')).toContain(table);

    // Seeds differ, and each has a frame for every step and a strip of them.
    const weights = seeds.map((n) => readFile(at('run', `seed-${n}`, 'generator', 'weights.bin')));
    const [first, second] = await Promise.all(weights);
    expect(first).not.toEqual(second);
    const frames = await readdir(at('run', 'seed-1', 'samples'));
    expect(frames.filter((name) => name.endsWith('.png')).sort()).toEqual(
      [1, 2, 3].map((n) => `step-00000${n}.png`),
    );
    const frame = await decodePicture(at('run', 'seed-1', 'samples', frames[2]!), { channels: 3 });
    expect([frame.width, frame.height]).toEqual([400, 400]);
    expect(new Set(frame.data).size).toBeGreaterThan(10);
    // One picture of all samples says nothing of how they differ.
    const metrics = await readFile(at('run', 'seed-0', 'metrics.jsonl'), 'utf8');
    expect(metrics).not.toContain('pixelDiversity');
    const strip = await decodePicture(at('run', 'seed-0', 'frames.png'), { channels: 3 });
    expect([strip.width, strip.height]).toEqual([3 * 240 + 2 * 2, 240]);
  });

  it('goes on with the seeds that are not done, by the settings of the run', async () => {
    const calls: string[][] = [];
    /** Is interrupted in the second seed. */
    const interrupted: StartSeed = async (argv, options) => {
      calls.push([...argv]);
      if (calls.length === 1) return here(argv, options);
      process.emit('SIGINT', 'SIGINT');
      return { code: 130, errors: '' };
    };
    expect(await train(interrupted, '--target', 'grid', ...tiny, '--beta1', '0.6')).toBe(130);
    expect(said.join('')).toContain('interrupted: the same command with --resume goes on');
    expect(await readdir(at('run'))).not.toContain('summary.json');
    const before = await stat(at('run', 'seed-0', 'coverage.json'));

    expect(await train(here, '--resume', '--steps', '4')).toBe(2);
    expect(said.join('')).toContain('--steps is 3 there, got 4');
    const resumed: StartSeed = (argv, options) => {
      calls.push([...argv]);
      return here(argv, options);
    };
    expect(await train(resumed, '--resume', '--threads', '1')).toBe(0);
    expect(calls[2]).toEqual(calls[1]);
    expect(calls[2]!.join(' ')).toContain('--beta1 0.6 ');
    expect(calls).toHaveLength(3);
    expect((await stat(at('run', 'seed-0', 'coverage.json'))).mtimeMs).toBe(before.mtimeMs);
    expect(await jsonOf('run', 'summary.json')).toMatchObject({ target: 'grid', of: 25 });

    // A seed that was trained but not measured is resumed, and measures the same.
    const coverage = await jsonOf('run', 'seed-1', 'coverage.json');
    await rm(at('run', 'seed-1', 'coverage.json'));
    expect(await train(resumed, '--resume', '--threads', '1')).toBe(0);
    expect(calls[3]!.at(-1)).toBe('--resume');
    expect(await jsonOf('run', 'seed-1', 'coverage.json')).toEqual(coverage);

    // More seeds of the same run, of which the next resume knows.
    expect(await train(resumed, '--resume', '--threads', '1', '--seeds', '3')).toBe(0);
    expect(seedOf(calls[4]!)).toBe('2');
    expect(calls).toHaveLength(5);
    expect((await jsonOf('run', 'summary.json')).seeds).toHaveLength(3);
    expect(await train(resumed, '--resume', '--threads', '1')).toBe(0);
    expect((await jsonOf('run', 'summary.json')).seeds).toHaveLength(3);
    expect(calls).toHaveLength(5);
  });

  it('keeps the results of the others when a seed fails, and fails', async () => {
    const failing: StartSeed = async (argv, options) =>
      seedOf(argv) === '0'
        ? { code: 1, errors: '1/3 steps\nerror: the loss is NaN\n' }
        : here(argv, options);
    expect(await train(failing, ...tiny)).toBe(1);
    expect(said.join('')).toContain('seed 0 failed: error: the loss is NaN');
    const { seeds, failed } = await jsonOf('run', 'summary.json');
    expect([seeds.map(({ seed }: { seed: number }) => seed), failed]).toEqual([[1], [0]]);
  });

  it('takes defaults from method and target, and passes them on', async () => {
    const calls: string[] = [];
    const noted: StartSeed = async (argv) => {
      calls.push(argv.join(' '));
      return { code: 1, errors: 'no' };
    };
    expect(await train(noted, '--seeds', '1', '--ema', '0.5')).toBe(1);
    for (const flag of [
      '--target ring --method gan --steps 10000 --learning-rate 0.001 ',
      '--beta1 0.5 --beta2 0.999 --gamma 0.05 --gamma-end 0.005 --penalty-every 4 ',
      '--batch 100 --ema 0.5 --sample-every 500 ',
      ' --seed 0',
    ]) {
      expect(calls[0]).toContain(flag);
    }
    expect(calls[0]).not.toContain('--threads');
    expect(await readdir(at('run'))).toEqual(['config.json']);
  });

  it('trains a seed alone as train does', async () => {
    const method = ['--method', 'pacgan-2', '--steps', '1', '--threads', '1'];
    expect(await train(here, ...method, '--seeds', '1')).toBe(0);
    expect(await main(['seed', '--out', at('alone'), ...method])).toBe(0);
    const { settings } = await jsonOf('alone', 'config.json');
    expect(settings).toMatchObject({ packing: 2, batch: 200, ema: 0.999 });
    expect(settings).toEqual((await jsonOf('run', 'seed-0', 'config.json')).settings);
    expect(await jsonOf('alone', 'coverage.json')).toEqual(
      await jsonOf('run', 'seed-0', 'coverage.json'),
    );
  });

  it('refuses what it does not know, and a folder in use', async () => {
    expect(await train(here, '--target', 'torus')).toBe(2);
    expect(said.join('')).toContain('Allowed choices are ring, grid, stacked-mnist.');
    expect(await train(here, '--method', 'magic')).toBe(2);
    expect(said.join('')).toContain('Allowed choices are gan, ');
    expect(await train(here, '--target', 'grid', '--method', 'diff-augment')).toBe(2);
    expect(said.join('')).toContain(
      '--method diff-augment changes pictures, but --target grid has points',
    );
    await writeFile(at('mine'), '');
    expect(await main(['train', '--out', folder], here)).toBe(2);
    expect(said.join('')).toContain('is not empty; choose another');
    expect(await main(['train', '--out', folder, '--resume'], here)).toBe(2);
    expect(said.join('')).toContain('must hold a run');
  });
});

describe('compare', () => {
  it('prints a table over several folders, or copies of their summaries', async () => {
    const summary = {
      target: 'ring',
      settings: { steps: 10, batch: 200 },
      of: 8,
      mean: { modes: 7, highQuality: 0.9, divergence: 0.1, steps: 10, seconds: 3 },
      standardDeviation: { modes: 1, highQuality: 0.01, divergence: 0.02, steps: 0, seconds: 1 },
      seeds: [{}, {}],
      failed: [],
    };
    await writeFile(at('summary.json'), JSON.stringify({ ...summary, method: 'gan' }));
    expect(await main(['compare', folder, at('summary.json')])).toBe(0);
    const row =
      '| ring | gan | 2 | 10 | 7.0 ± 1.0 of 8 | 90.0 ± 1.0 | 0.100 ± 0.020 | 3 ± 1 | `--batch 200` |';
    expect(said.join('').trim().split('\n').slice(2)).toEqual([row, row]);
  });

  it('refuses folders without a summary', async () => {
    expect(await main(['compare'])).toBe(2);
    expect(said.join('')).toContain("missing required argument 'folder-or-summary'");
    expect(await main(['compare', folder])).toBe(2);
    expect(said.join('')).toContain(
      `compare: ${folder} must be a folder or summary.json made by train, but`,
    );
    await writeFile(at('summary.json'), '{"steps": 5}');
    expect(await main(['compare', folder])).toBe(2);
    expect(said.join('')).toContain('it is of another program');
  });
});
