import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { GanloomError } from '@ganloom/core';
import { type CpuProfile, timeByPart } from './cpu-profile';
import { dcganMain } from './files';
import { table } from './table';

export interface OverheadOptions {
  readonly steps: number;
  readonly threads: number;
  /** Where the run is kept; without it, nowhere. */
  readonly out?: string;
}

/** The resident memory of a training after some of its steps. */
interface Reading {
  readonly step: number;
  readonly mebibytes: number;
}

/** Parts of a training by the functions that they happen in. */
const PARTS = {
  discriminatorStep: 'steps of the players',
  generatorStep: 'steps of the players',
  '(garbage collector)': 'garbage collection',
  moveTowards: 'average of the generator',
  picturesOf: 'pictures of samples',
};

/**
 * Trains `apps/dcgan` by its defaults, with a report, samples and checkpoints, under the profiler of
 * Node; prints which share of the time from the first step to the last the players' steps take, and
 * what takes the rest, and the resident memory at every tenth of the run.
 *
 * @throws GanloomError if the training fails.
 */
export async function overhead({ steps, threads, out }: OverheadOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ganloom-overhead-'));
  const run = out ?? join(folder, 'run');
  const memory = await train(run, folder, ['--steps', `${steps}`, '--threads', `${threads}`]);
  const profile = (await readdir(folder)).find((name) => name.endsWith('.cpuprofile'))!;
  const times = timeByPart(
    JSON.parse(await readFile(join(folder, profile), 'utf8')) as CpuProfile,
    PARTS,
    ['discriminatorStep', 'generatorStep'],
  );
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  const rows = [...times]
    .sort(([, a], [, b]) => b - a)
    .map(([part, time]) => [
      part || 'all else',
      (time / 1e6).toFixed(2),
      `${((100 * time) / total).toFixed(2)} %`,
    ]);
  console.log(table(['part', 'seconds', 'share'], rows));
  const readings = Array.from({ length: 10 }, (_, i) =>
    memory.findLast(({ step }) => step <= ((i + 1) * steps) / 10),
  ).filter((reading) => reading !== undefined);
  const resident = readings.map(({ step, mebibytes }) => [`${step}`, mebibytes.toFixed(0)]);
  console.log(`\n${table(['step', 'resident MiB'], resident)}`);
  await rm(folder, { recursive: true });
}

const SECOND = 1000;

/** Runs the program under the profiler, and reads each second how far it is and what it holds. */
async function train(run: string, folder: string, flags: readonly string[]): Promise<Reading[]> {
  const profiler = ['--cpu-prof', '--cpu-prof-dir', folder, '--cpu-prof-interval', '2000'];
  const child = spawn(process.execPath, [...profiler, dcganMain, 'train', '--out', run, ...flags], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const readings: Reading[] = [];
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const timer = setInterval(() => {
    void Promise.all([lastStep(run), residentOf(child.pid!)]).then(([step, mebibytes]) => {
      if (step !== undefined && mebibytes !== undefined) readings.push({ step, mebibytes });
    });
  }, SECOND);
  const code = await ended.finally(() => clearInterval(timer));
  if (code !== 0) {
    throw new GanloomError(`overhead: the training must end well, got exit code ${code}`);
  }
  return readings;
}

/** The last step that a run wrote a whole line of metrics of. */
async function lastStep(run: string): Promise<number | undefined> {
  const text = await readFile(join(run, 'metrics.jsonl'), 'utf8').catch(() => '');
  const line = text.split('\n').at(-2);
  return line ? (JSON.parse(line) as { step: number }).step : undefined;
}

/** The resident memory of a process in MiB, as the system's `ps` says it. */
async function residentOf(pid: number): Promise<number | undefined> {
  const read = promisify(execFile)('ps', ['-o', 'rss=', '-p', `${pid}`]);
  const kibibytes = await read.then(({ stdout }) => Number(stdout.trim())).catch(() => 0);
  return kibibytes > 0 ? kibibytes / 2 ** 10 : undefined;
}
