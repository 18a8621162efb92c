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
  /** Reads the memory, instead of profiling. */
  readonly memory?: boolean;
}

/** The resident memory of a training after some of its steps. */
interface Reading {
  readonly step: number;
  readonly mebibytes: number;
}

const PLAYERS = ['discriminatorStep', 'generatorStep'];

/** Parts of a training by the functions that they happen in. */
const PARTS = {
  ...Object.fromEntries(PLAYERS.map((name) => [name, 'steps of the players'])),
  '(garbage collector)': 'garbage collection',
  moveTowards: 'average of the generator',
  picturesOf: 'pictures of samples',
};

/**
 * Trains `apps/dcgan` by its defaults, with a report, samples and checkpoints, under the profiler of
 * Node; prints which share of the time from the first step to the last the players' steps take, and
 * what takes the rest. With `memory` it prints the resident memory at every tenth of the run, and does
 * without the profiler, whose own memory grows.
 *
 * @throws GanloomError if the training fails.
 */
export async function overhead({ steps, threads, out, memory }: OverheadOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ganloom-overhead-'));
  const run = out ?? join(folder, 'run');
  const profiler = ['--cpu-prof', '--cpu-prof-dir', folder, '--cpu-prof-interval', '2000'];
  const flags = ['--out', run, '--steps', `${steps}`, '--threads', `${threads}`];
  const readings = await train(run, memory ? [] : profiler, flags);
  console.log(memory ? memoryTable(readings, steps) : await shareTable(folder));
  await rm(folder, { recursive: true });
}

/** Threads have profiles of their own: CPU.<date>.<time>.<process>.<thread>.<number>. */
const MAIN_THREAD = /\.0\.\d+\.cpuprofile$/;

async function shareTable(folder: string): Promise<string> {
  const name = (await readdir(folder)).find((entry) => MAIN_THREAD.test(entry))!;
  const profile = JSON.parse(await readFile(join(folder, name), 'utf8')) as CpuProfile;
  const times = timeByPart(profile, PARTS, PLAYERS);
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  const rows = [...times]
    .sort(([, a], [, b]) => b - a)
    .map(([part, time]) => [
      part || 'all else',
      (time / 1e6).toFixed(2),
      `${((100 * time) / total).toFixed(2)} %`,
    ]);
  return table(['part', 'seconds', 'share'], rows);
}

function memoryTable(readings: readonly Reading[], steps: number): string {
  const rows = Array.from({ length: 10 }, (_, i) =>
    readings.findLast(({ step }) => step <= ((i + 1) * steps) / 10),
  ).flatMap((one) => (one ? [[`${one.step}`, one.mebibytes.toFixed(0)]] : []));
  return table(['step', 'resident MiB'], rows);
}

const SECOND = 1000;

/** Runs the program, and reads each second how far it is and what it holds. */
async function train(
  run: string,
  nodeFlags: readonly string[],
  flags: readonly string[],
): Promise<Reading[]> {
  const child = spawn(process.execPath, [...nodeFlags, dcganMain, 'train', ...flags], {
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
