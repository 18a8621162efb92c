import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runRecipe } from '@ganloom/cli';
import { recipe } from './recipe';

const main = (argv: readonly string[]) => runRecipe(recipe, argv);

let folder: string;
let whole: string;
let interrupted: string;
let said: string[];
/** Exit codes of the whole and of the interrupted run. */
let codes: number[];

const settings = [
  ...['--backend', 'wasm', '--threads', '1', '--steps', '12', '--batch', '4', '--filters', '4'],
  ...['--latent', '8', '--ema', '0.9', '--log-every', '2', '--sample-every', '4'],
  ...['--checkpoint-every', '3', '--loss', 'hinge', '--decay', 'cosine'],
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganloom-resume-'));
  whole = join(folder, 'whole');
  interrupted = join(folder, 'interrupted');
  listen();
  await tinySet(join(folder, 'set'));
  const train = (out: string) =>
    main(['train', '--dataset', `idx:${join(folder, 'set')}`, '--out', out, ...settings]);
  codes = [await train(whole)];
  const training = train(interrupted);
  // Or until it ends, so that a failure says what it is.
  await Promise.race([stepDone(interrupted, 4), training]);
  process.emit('SIGINT', 'SIGINT');
  codes.push(await training);
});
beforeEach(listen);
afterEach(() => vi.restoreAllMocks());
afterAll(() => rm(folder, { recursive: true }));

function listen(): void {
  said = [];
  const hear = (text: unknown) => {
    said.push(String(text));
    return true;
  };
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation(hear);
  }
  for (const method of ['log', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation(hear);
  }
}

/** 14 pictures, so that a batch of 4 does not divide them, in MNIST's format. */
async function tinySet(path: string): Promise<void> {
  const count = 14;
  await mkdir(path);
  const pixels = Uint8Array.from({ length: count * 64 }, (_, i) => (i * 37 + (i >> 6) * 11) % 256);
  const images = [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 8, 0, 0, 0, 8, ...pixels];
  const labels = [0, 0, 8, 1, 0, 0, 0, count, ...Array<number>(count).fill(0)];
  await writeFile(join(path, 'train-images-idx3-ubyte'), Uint8Array.from(images));
  await writeFile(join(path, 'train-labels-idx1-ubyte'), Uint8Array.from(labels));
}

/** Waits until the sample grid of a step is there. */
async function stepDone(run: string, step: number): Promise<void> {
  const name = `step-${String(step).padStart(6, '0')}.png`;
  const files = () => readdir(join(run, 'samples')).catch(() => [] as string[]);
  await vi.waitFor(async () => expect(await files()).toContain(name), {
    timeout: 30_000,
    interval: 1,
  });
}

const withTimes = /^(summary|manifest|config)\.json$|^report\.html$|^events\.out\.tfevents\./;

/** The checksum of every file of a run that the steps determine, and `metrics.jsonl` without seconds. */
async function resultsOf(run: string): Promise<Record<string, string>> {
  const results: Record<string, string> = {};
  for (const entry of await readdir(run, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || withTimes.test(entry.name)) continue;
    const bytes = await readFile(path);
    results[path.slice(run.length + 1)] =
      entry.name === 'metrics.jsonl'
        ? bytes.toString('utf8').replaceAll(/"seconds":[\d.e-]+/g, '')
        : createHash('sha256').update(bytes).digest('hex');
  }
  return results;
}

async function copyOf(run: string, name: string): Promise<string> {
  const out = join(folder, name);
  await cp(run, out, { recursive: true });
  return out;
}

const resume = (out: string, ...more: string[]) =>
  main(['train', '--resume', '--out', out, ...more]);

describe('a resumed run', () => {
  it('ends with the bits of one that was never interrupted', async () => {
    expect(codes).toEqual([0, 130]);
    const out = await copyOf(interrupted, 'resumed');
    const { steps } = JSON.parse(await readFile(join(out, 'summary.json'), 'utf8'));
    expect(steps).toBeGreaterThanOrEqual(4);
    expect(steps).toBeLessThan(12);
    expect(await resume(out)).toBe(0);
    expect(said.join('')).toContain(`going on after step ${steps}: `);
    const results = await resultsOf(out);
    expect(Object.keys(results).sort()).toEqual(
      [
        'checkpoints/step-000009/weights.safetensors',
        'checkpoints/step-000012/weights.safetensors',
        'generator/model.json',
        'generator/weights.bin',
        'metrics.jsonl',
        ...[4, 8, 12].map((n) => `samples/step-${String(n).padStart(6, '0')}.png`),
        'samples/strip.webp',
      ].sort(),
    );
    const expected = await resultsOf(whole);
    // Layers are numbered by what the process has made before.
    for (const one of [results, expected]) delete one['generator/model.json'];
    expect(results).toEqual(expected);
  });

  it('goes back behind a kill: later metrics, cut-off lines and half-written files are dropped', async () => {
    const out = await copyOf(interrupted, 'killed');
    const [newest] = (await readdir(join(out, 'checkpoints'))).sort().reverse();
    await rm(join(out, 'checkpoints', newest!), { recursive: true });
    await mkdir(join(out, 'checkpoints', '.step-000006.1.tmp'));
    const metrics = await readFile(join(out, 'metrics.jsonl'), 'utf8');
    await writeFile(join(out, 'metrics.jsonl'), `${metrics}{"step":6,"sec`);
    expect(await resume(out)).toBe(0);
    expect(said.join('')).toContain('going on after step 3: ');
    const [results, expected] = [await resultsOf(out), await resultsOf(whole)];
    for (const one of [results, expected]) delete one['generator/model.json'];
    expect(results).toEqual(expected);
    expect((await readdir(join(out, 'checkpoints'))).sort()).toEqual([
      'step-000009',
      'step-000012',
    ]);
  });

  it('passes over a damaged checkpoint and names it', async () => {
    const out = await copyOf(interrupted, 'damaged');
    const [newest] = (await readdir(join(out, 'checkpoints'))).sort().reverse();
    const file = join(out, 'checkpoints', newest!, 'weights.safetensors');
    const bytes = await readFile(file);
    bytes[bytes.length - 5]! ^= 1;
    await writeFile(file, bytes);
    expect(await resume(out)).toBe(0);
    expect(said.join('')).toContain(
      `warning: the checkpoint ${join(out, 'checkpoints', newest!)} is damaged: ` +
        'the checksum of weights.safetensors is wrong; looking for another one',
    );
    expect((await resultsOf(out))['generator/weights.bin']).toBe(
      (await resultsOf(whole))['generator/weights.bin'],
    );
  });

  it('that is done already says so again', async () => {
    const out = await copyOf(whole, 'done');
    expect(await resume(out)).toBe(0);
    const [results, expected] = [await resultsOf(out), await resultsOf(whole)];
    for (const one of [results, expected]) delete one['generator/model.json'];
    expect(results).toEqual(expected);
  });
});

describe('--resume refuses', () => {
  it('flags that differ from the run, but takes the same and other threads', async () => {
    const out = await copyOf(interrupted, 'flags');
    expect(await resume(out, '--steps', '20')).toBe(2);
    expect(said.join('')).toContain(
      'error: a run goes on with its own settings: --steps is 12 there, got 20; leave it out',
    );
    expect(await resume(out, '--dataset', 'mnist')).toBe(2);
    expect(await resume(out, '--steps', '12', '--loss', 'hinge', '--threads', '1')).toBe(0);
  });

  it('a folder without a run, and one of another program', async () => {
    expect(await resume(join(folder, 'nowhere'))).toBe(2);
    expect(said.join('')).toContain('must hold a run, but its config.json cannot be read');
    const out = await copyOf(interrupted, 'other');
    const config = JSON.parse(await readFile(join(out, 'config.json'), 'utf8'));
    await writeFile(join(out, 'config.json'), JSON.stringify({ ...config, app: 'cgan' }));
    expect(await resume(out)).toBe(2);
    expect(said.join('')).toContain(`${out} must be a run of dcgan, but is one of cgan`);
  });

  it('settings that were damaged or are missing', async () => {
    const out = await copyOf(interrupted, 'settings');
    const path = join(out, 'config.json');
    const config = JSON.parse(await readFile(path, 'utf8'));
    const change = (more: object) =>
      writeFile(path, JSON.stringify({ ...config, settings: { ...config.settings, ...more } }));
    await change({ loss: 'best' });
    expect(await resume(out)).toBe(2);
    expect(said.at(-1)).toContain('error: config.json: loss must be one of non-saturating, ');
    await change({ filters: undefined });
    expect(await resume(out)).toBe(2);
    expect(said.at(-1)).toContain('--filters is not among those of its config.json');
    // Whole settings, but not those of the weights.
    await change({ filters: 8 });
    expect(await resume(out)).toBe(1);
    expect(said.at(-1)).toMatch(/^error: restore: .* must be .*, got .* of other networks/);
  });

  it('a run whose checkpoints are all damaged or gone, and leaves it as it is', async () => {
    const out = await copyOf(interrupted, 'lost');
    const before = await readFile(join(out, 'metrics.jsonl'));
    for (const name of await readdir(join(out, 'checkpoints'))) {
      await writeFile(join(out, 'checkpoints', name, 'manifest.json'), '{');
    }
    expect(await resume(out)).toBe(1);
    expect(said.at(-1)).toContain(
      'must hold a whole checkpoint, but none of the 2 in it can be used',
    );
    await rm(join(out, 'checkpoints'), { recursive: true });
    expect(await resume(out)).toBe(1);
    expect(said.at(-1)).toContain('but it has none; train anew');
    expect(await readFile(join(out, 'metrics.jsonl'))).toEqual(before);
  });

  it('other data', async () => {
    const out = await copyOf(interrupted, 'data');
    const path = join(out, 'config.json');
    const config = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...config, data: { ...config.data, size: 15 } }));
    expect(await resume(out)).toBe(1);
    expect(said.at(-1)).toContain('a resumed run needs the data it began with, 15 examples of');
  });
});
