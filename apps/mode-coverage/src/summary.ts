import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runNames } from '@ganloom/runs';
import type { Hyperparameters } from './hyperparameters';
import { type CoverageSettings, flagsOf, hyperparametersOf } from './settings';
import type { Coverage } from './target';

/** The file that a seed which is done has in its folder. */
export const COVERAGE = 'coverage.json';

/** How one seed went. */
export interface SeedResult extends Coverage {
  readonly seed: number;
  readonly steps: number;
  /** Of training. */
  readonly seconds: number;
}

const MEASURES = ['modes', 'highQuality', 'divergence', 'steps', 'seconds'] as const;
type Measures = Partial<Record<(typeof MEASURES)[number], number>>;

/** How all seeds of a method on a target went. */
export interface Summary {
  readonly target: string;
  readonly method: string;
  readonly settings: Hyperparameters;
  /** Modes that there are. */
  readonly of: number;
  readonly mean: Measures;
  /** Of the sample, with n − 1; of one seed there is none. */
  readonly standardDeviation: Measures;
  readonly seeds: readonly SeedResult[];
  /** Seeds that have no result. */
  readonly failed: readonly number[];
}

/** The result in a seed's folder, if it is done. */
export async function readSeed(folder: string, seed: number): Promise<SeedResult | undefined> {
  const read = async (file: string) => JSON.parse(await readFile(file, 'utf8'));
  try {
    const coverage: Coverage = await read(join(folder, COVERAGE));
    const { steps, seconds } = await read(join(folder, runNames.summary));
    return { seed, ...coverage, steps, seconds };
  } catch {
    // Not there, or cut off: to be made again.
    return undefined;
  }
}

/** Means and standard deviations over the seeds, of which there is at least one. */
export function summarize(
  settings: CoverageSettings,
  seeds: readonly SeedResult[],
  failed: readonly number[],
): Summary {
  const over = (measure: (values: number[]) => number): Measures =>
    Object.fromEntries(
      MEASURES.filter((name) => seeds[0]![name] !== undefined).map((name) => [
        name,
        measure(seeds.map((seed) => seed[name]!)),
      ]),
    );
  return {
    target: settings.target,
    method: settings.method,
    settings: hyperparametersOf(settings),
    of: seeds[0]!.of,
    mean: over(mean),
    standardDeviation: seeds.length > 1 ? over(standardDeviation) : {},
    seeds,
    failed,
  };
}

/**
 * A table in Markdown, a row for each summary: mean ± standard deviation, and the flags that are not
 * the defaults.
 */
export function markdownTable(summaries: readonly Summary[]): string {
  const rows = summaries.map((summary) => {
    const cell = (name: (typeof MEASURES)[number], digits: number, factor = 1) => {
      const value = summary.mean[name];
      if (value === undefined) return '';
      const spread = summary.standardDeviation[name];
      return [value, ...(spread === undefined ? [] : [spread])]
        .map((number) => (factor * number).toFixed(digits))
        .join(' ± ');
    };
    const { steps: _, ...others } = summary.settings;
    return [
      summary.target,
      summary.method,
      String(summary.seeds.length),
      String(summary.mean.steps),
      `${cell('modes', 1)} of ${summary.of}`,
      cell('highQuality', 1, 100),
      cell('divergence', 3),
      cell('seconds', 0),
      flagsOf(summary, others)
        .map((flag) => `\`${flag}\``)
        .join(' '),
    ];
  });
  const head = [
    'target',
    'method',
    'seeds',
    'steps',
    'modes',
    'high quality, %',
    'KL',
    'seconds',
    'flags',
  ];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return [head, head.map(() => '---'), ...rows].map(line).join('');
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function standardDeviation(values: readonly number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
