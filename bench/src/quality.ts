import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { useBackend } from '@ganloom/backends';
import { GanloomError, UsageError } from '@ganloom/core';
import { decodeNpy } from '@ganloom/storage';
import { uint8Dataset, type Uint8Dataset } from '@ganloom/datasets';
import { findPytorch, installHint } from './pytorch';
import { sampleJudge, type SampleQuality } from './sample-quality';
import { table } from './table';
import { type QualityRecipe, trainInPytorch, trainOurs } from './train-for-quality';

export interface QualityOptions extends QualityRecipe {
  readonly seeds: number;
  readonly backend: string;
  readonly python?: string;
  readonly out?: string;
  readonly json?: string;
}

/** Measures sample files; without any, trains the same recipe here and in PyTorch and compares. */
export async function quality(files: readonly string[], options: QualityOptions): Promise<void> {
  const { backend, threads, out, json } = options;
  // All files are read first, so that a bad one is known before minutes of work.
  const given = await Promise.all(files.map(readSamples));
  await useBackend(backend, { threads });
  const measure = await sampleJudge();

  const results: SampleQuality[] = [];
  if (given.length > 0) {
    for (const samples of given) results.push(await measure(samples));
    print(results);
  } else {
    const folder = out ?? (await mkdtemp(join(tmpdir(), 'ganloom-quality-')));
    await mkdir(folder, { recursive: true });
    try {
      results.push(...(await compareTraining(folder, options, measure)));
    } finally {
      if (out === undefined) await rm(folder, { recursive: true, force: true });
    }
  }
  if (json !== undefined) await writeFile(json, `${JSON.stringify(results, undefined, 2)}\n`);
}

async function compareTraining(
  folder: string,
  options: QualityOptions,
  measure: (samples: Uint8Dataset) => Promise<SampleQuality>,
): Promise<SampleQuality[]> {
  const python = findPytorch(options.python === undefined ? undefined : [options.python]);
  if (python === undefined) console.error(installHint);
  const ours: SampleQuality[] = [];
  const theirs: SampleQuality[] = [];
  for (let seed = 1; seed <= options.seeds; seed++) {
    const own = join(folder, `ours-${seed}.npy`);
    await writeFile(own, await trainOurs(options, seed));
    ours.push(await measure(await readSamples(own)));
    if (python === undefined) continue;
    const other = join(folder, `pytorch-${seed}.npy`);
    await trainInPytorch(python, options, seed, other);
    theirs.push(await measure(await readSamples(other)));
  }
  print([...ours, ...theirs]);
  for (const [name, runs] of [
    ['ours', ours],
    ['PyTorch', theirs],
  ] as const) {
    if (runs.length > 0)
      console.log(`${name}: ${spread(runs.map(({ toTest }) => toTest))} to test`);
  }
  return [...ours, ...theirs];
}

/** Mean ± sample standard deviation. */
export function spread(values: readonly number[]): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return mean.toFixed(2);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return `${mean.toFixed(2)} ± ${Math.sqrt(squares / (values.length - 1)).toFixed(2)}`;
}

async function readSamples(path: string): Promise<Uint8Dataset> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw new UsageError(`quality: cannot read ${path}: ${error.message}`);
  });
  const { shape, data } = decodeNpy(bytes, path);
  const wanted = shape.length === 4 && shape.slice(1).join() === '28,28,1';
  if (!wanted || !(data instanceof Uint8Array)) {
    throw new GanloomError(
      `quality: ${path} must hold uint8 [N,28,28,1], got ${data.constructor.name} [${shape}]`,
    );
  }
  return uint8Dataset({
    name: basename(path, '.npy'),
    pixels: data,
    imageShape: { height: 28, width: 28, channels: 1 },
  });
}

function print(results: readonly SampleQuality[]): void {
  const header = [
    'samples',
    'to test',
    'to train',
    'KL',
    ...Array.from({ length: 10 }, (_, digit) => `${digit}`),
  ];
  const rows = results.map(({ name, toTest, toTrain, divergence, counts }) => [
    name,
    toTest.toFixed(2),
    toTrain.toFixed(2),
    divergence.toFixed(3),
    ...counts.map(String),
  ]);
  console.log(table(header, rows));
}
