import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '@ganloom/core';
import { progress } from '@ganloom/cli';
import { compare, type Contestant } from './compare';
import { builtMain, peersFolder } from './files';
import { load, machine } from './machine';
import { findPytorch, installHint, pytorchEnv } from './pytorch';
import type { WorkloadResult } from './result';
import { startSide } from './side';
import { table } from './table';
import type { Workload } from './workload';
import { workloads } from './workloads/index';

export interface BenchmarkOptions {
  /** Name of a workload or of a group; default: all. */
  readonly only?: string;
  /** Where to write the results, too. */
  readonly json?: string;
  readonly rounds: number;
  readonly threads: readonly number[];
  readonly backend: string;
  /** The Python that has torch; default: the first found. */
  readonly python?: string;
  /** Leave PyTorch out. */
  readonly alone?: boolean;
  /** One step on the stock cpu backend of TensorFlow.js, too. */
  readonly tfjs?: boolean;
}

/** Times our side and PyTorch's in one run and prints a table. */
export async function runBenchmarks(options: BenchmarkOptions): Promise<void> {
  const chosen = chooseWorkloads(options.only);
  const python = options.alone
    ? undefined
    : findPytorch(options.python === undefined ? undefined : [options.python]);
  if (python === undefined && !options.alone && chosen.some(({ peer }) => peer)) {
    console.error(installHint);
  }
  if (load() > 0.7) {
    console.error(
      `Other work runs on this machine (load ${load().toFixed(1)}): trust the ratios, not the times.`,
    );
  }

  const results: WorkloadResult[] = [];
  const versions: Record<string, string> = {};
  for (const workload of chosen) {
    const contestants = await startContestants(workload, options, python);
    const bar = progress({
      unit: `turns of ${workload.name}`,
      total: (options.rounds + 1) * contestants.length,
    });
    try {
      for (const { process } of contestants) Object.assign(versions, process.about.versions);
      const result = await compare(workload, contestants, options.rounds, (done) =>
        bar.update(done),
      );
      results.push({ ...result, ...(options.tfjs && { tfjsCpuMs: await onTfjsCpu(workload) }) });
    } finally {
      bar.stop();
      for (const { process } of contestants) await process.stop();
    }
  }

  console.log(report(chosen, results));
  for (const warning of spinning(results)) console.error(warning);
  if (options.json !== undefined) {
    const all = { workloads: results, machine: machine(), versions, backend: options.backend };
    await writeFile(options.json, `${JSON.stringify(all, undefined, 2)}\n`);
  }
}

function chooseWorkloads(only: string | undefined): readonly Workload[] {
  if (only === undefined) return workloads;
  const chosen = workloads.filter(({ name, group }) => name === only || group === only);
  if (chosen.length === 0) {
    const known = new Set(workloads.flatMap(({ name, group }) => (group ? [group, name] : [name])));
    throw new UsageError(`bench: --only must be one of ${[...known].join(', ')}, got "${only}"`);
  }
  return chosen;
}

async function startContestants(
  { name, peer }: Workload,
  { threads, backend }: BenchmarkOptions,
  python: string | undefined,
): Promise<readonly Contestant[]> {
  const contestants: Contestant[] = [];
  try {
    for (const count of threads) {
      const ours = [builtMain, 'worker', name, '--threads', `${count}`, '--backend', backend];
      const label = `${name} with ${count} thread(s)`;
      contestants.push({
        side: 'ours',
        threads: count,
        process: await startSide(label, process.execPath, ours),
      });
      if (!peer || python === undefined) continue;
      const theirs = [join(peersFolder, peer.script), ...peer.args, '--threads', `${count}`];
      contestants.push({
        side: 'pytorch',
        threads: count,
        process: await startSide(`PyTorch's ${label}`, python, theirs, pytorchEnv()),
      });
    }
  } catch (error) {
    for (const contestant of contestants) await contestant.process.stop();
    throw error;
  }
  return contestants;
}

/** Milliseconds of a step on TensorFlow.js' own cpu backend, while no other side has its turn. */
async function onTfjsCpu({ name }: Workload): Promise<number> {
  const args = [builtMain, 'worker', name, '--threads', '1', '--backend', 'cpu'];
  const side = await startSide(`${name} on TensorFlow.js' cpu`, process.execPath, args);
  try {
    return (await side.run(1)).ms[0]!;
  } finally {
    await side.stop();
  }
}

function report(chosen: readonly Workload[], results: readonly WorkloadResult[]): string {
  const header = [
    'workload',
    'ours ms',
    'threads',
    'PyTorch ms',
    'threads',
    'ratio',
    'ours',
    'PyTorch',
    ...(results.some(({ tfjsCpuMs }) => tfjsCpuMs !== undefined) ? ['tfjs cpu ms'] : []),
  ];
  const text = (value: number | undefined, digits = 3) =>
    value === undefined ? '' : value >= 100 ? value.toFixed(0) : value.toPrecision(digits);
  const rate = (gflops: number | undefined, gbps?: number) =>
    gflops !== undefined
      ? `${text(gflops)} GFLOP/s`
      : gbps !== undefined
        ? `${text(gbps)} GB/s`
        : '';
  const rows = results.map((r) => [
    r.name,
    text(r.oursMs),
    `${r.oursThreads}`,
    text(r.pytorchMs),
    r.pytorchThreads === undefined ? '' : `${r.pytorchThreads}`,
    r.ratio === undefined ? '' : r.ratio.toFixed(2),
    rate(r.oursGflops, r.oursGBps),
    rate(r.pytorchGflops),
    text(r.tfjsCpuMs),
  ]);
  const settings = results.flatMap((r) =>
    r.settings.map((s) => [
      r.name,
      s.side === 'ours' ? 'ours' : 'PyTorch',
      `${s.threads}`,
      text(s.medianMs),
      text(s.minMs),
      `${s.steps}`,
      s.peakMB.toFixed(0),
    ]),
  );
  const settingsHeader = [
    'setting',
    'side',
    'threads',
    'median ms',
    'least ms',
    'steps',
    'peak MB',
  ];
  const legend = chosen.map(({ name, about }) => `${name}: ${about}`);
  return [
    table(header, rows),
    'Medians of the better number of threads of each side; the ratio is our time / PyTorch’s.',
    '',
    table(settingsHeader, settings),
    '',
    ...legend,
  ].join('\n');
}

/** A side that works while the other has its turn makes the comparison worthless. */
function spinning(results: readonly WorkloadResult[]): readonly string[] {
  return results.flatMap(({ name, settings }) =>
    settings
      .filter(({ idleLoad }) => idleLoad > 0.05)
      .map(
        ({ side, threads, idleLoad }) =>
          `warning: ${name}, ${side} with ${threads} thread(s) kept ${(100 * idleLoad).toFixed(0)} % ` +
          'of a core busy while it had no turn',
      ),
  );
}
