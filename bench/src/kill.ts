import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { GanloomError, RandomStream } from '@ganloom/core';
import { dcganMain } from './files';
import { table } from './table';

export interface KillOptions {
  readonly times: number;
  readonly steps: number;
  readonly filters: number;
  readonly checkpointEvery: number;
  readonly dataset: string;
  readonly seed: number;
}

/** What a kill leaves behind, and the run after it. */
interface Killed {
  readonly after: number;
  readonly lines: number;
  readonly checkpoint: string;
}

/**
 * Kills a small training of apps/dcgan (SIGKILL) at random moments and resumes it, as many times as
 * asked for, in as many runs as it takes; each finished run must be the one that was never killed, bit
 * for bit: weights, average and the optimizers' slots, metrics without a lost or doubled line,
 * samples, generator.
 *
 * @throws GanloomError at the first run that differs, or cannot be resumed.
 */
export async function kill(options: KillOptions): Promise<void> {
  const { times, seed } = options;
  const folder = await mkdtemp(join(tmpdir(), 'ganloom-kill-'));
  const random = RandomStream.fromSeed(seed).fork('kill');
  const begin = performance.now();
  await finish(start(join(folder, 'whole'), options, false));
  const wholeSeconds = (performance.now() - begin) / 1000;
  const expected = await resultsOf(join(folder, 'whole'));
  console.error(
    `never killed: ${wholeSeconds.toFixed(1)} s, ${Object.keys(expected).length} results`,
  );

  const killed: Killed[] = [];
  let runs = 0;
  while (killed.length < times) {
    const out = join(folder, `run-${++runs}`);
    let done = false;
    while (!done) {
      const child = start(out, options, existsSync(join(out, 'config.json')));
      // The last run may end in peace once all kills are done.
      const after = killed.length < times ? random.uniformNumber() * wholeSeconds : Infinity;
      done = await finish(child, after);
      if (done) break;
      const [lines, [newest = 'none']] = [await linesOf(out), await checkpointsOf(out)];
      killed.push({ after, lines, checkpoint: newest });
      console.error(
        `kill ${killed.length} of ${times}: after ${after.toFixed(2)} s, ${lines} lines of metrics, newest checkpoint ${newest}`,
      );
    }
    compare(out, await resultsOf(out), expected);
  }
  console.log(
    table(
      ['kills', 'runs', 'before a checkpoint', 'results compared', 'different'],
      [
        [
          `${killed.length}`,
          `${runs}`,
          `${killed.filter(({ checkpoint }) => checkpoint === 'none').length}`,
          `${runs * Object.keys(expected).length}`,
          '0',
        ],
      ],
    ),
  );
  await rm(folder, { recursive: true });
}

function start(out: string, options: KillOptions, resume: boolean): ChildProcess {
  const { steps, filters, checkpointEvery, dataset } = options;
  const settings = [
    ...['--dataset', dataset, '--steps', `${steps}`, '--filters', `${filters}`],
    ...['--checkpoint-every', `${checkpointEvery}`, '--log-every', '1', '--sample-every', '20'],
    ...['--ema', '0.9', '--decay', 'linear', '--backend', 'wasm'],
  ];
  const argv = ['train', '--out', out, ...(resume ? ['--resume'] : settings)];
  return spawn(process.execPath, [dcganMain, ...argv], { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** True when the program has ended well, false when it was killed after so many seconds. */
function finish(child: ChildProcess, after = Infinity): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr!.on('data', (part: Buffer) => (said += part.toString('utf8')));
    const timer =
      after < Infinity ? setTimeout(() => child.kill('SIGKILL'), 1000 * after) : undefined;
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (signal === 'SIGKILL') resolve(false);
      else if (code === 0) resolve(true);
      else
        reject(
          new GanloomError(`kill: the training must end well, got exit code ${code}:\n${said}`),
        );
    });
  });
}

const checkpointsOf = async (run: string) =>
  (await readdir(join(run, 'checkpoints')).catch(() => [] as string[]))
    .filter((name) => name.startsWith('step-'))
    .sort()
    .reverse();

const linesOf = async (run: string) =>
  (await readFile(join(run, 'metrics.jsonl'), 'utf8').catch(() => '')).split('\n').length - 1;

const HAS_TIMES = /^(summary|manifest|config)\.json$|^report\.html$|^events\.out\.tfevents\./;

/** Of every file that the steps determine its checksum, and of `metrics.jsonl` each line without seconds. */
export async function resultsOf(run: string): Promise<Record<string, string>> {
  const results: Record<string, string> = {};
  for (const entry of await readdir(run, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || HAS_TIMES.test(entry.name)) continue;
    const name = path.slice(run.length + 1);
    if (entry.name !== 'metrics.jsonl') {
      results[name] = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      continue;
    }
    const lines = (await readFile(path, 'utf8')).split('\n');
    lines.forEach((line, i) => {
      results[`${name}:${i + 1}`] = line.replace(/"seconds":[\d.e-]+/, '');
    });
  }
  return results;
}

/** @throws GanloomError if anything is missing, too much, or different. */
export function compare(
  run: string,
  results: Readonly<Record<string, string>>,
  expected: Readonly<Record<string, string>>,
): void {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(results)])];
  const different = names.filter((name) => results[name] !== expected[name]);
  if (different.length === 0) return;
  throw new GanloomError(
    `kill: ${run} must be as the run that was never killed, but ${different.length} of ${names.length} ` +
      `results differ: ${different.slice(0, 5).join(', ')}; the folder is kept`,
  );
}
