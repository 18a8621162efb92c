import { UsageError } from '@ganloom/core';
import { LIVE_PORT } from '@ganloom/report/node';
import { readRunConfig } from '@ganloom/runs';
import { diskStore } from '@ganloom/storage/node';
import { type Command, Option } from 'commander';
import { integerOption } from './parse-number';
import type { RecipeSettings } from './run-recipe';
import { backendOptions, integer, number, required } from './options';
import type { ProgramCommand } from './program';

/** What every `train` of a recipe is told, beside what its own options say. */
export interface TrainSettings extends RecipeSettings {
  readonly backend: string;
  readonly threads?: number;
}

export interface TrainCommand<Settings extends TrainSettings> {
  readonly app: string;
  readonly description: string;
  /** What `--backend` may name, the default first. */
  readonly backends: readonly string[];
  /** Of the options that all recipes have, but for those that the recipe's own replace. */
  readonly defaults: Partial<
    Pick<TrainSettings, 'batch' | 'ema' | 'sampleEvery' | 'logEvery' | 'checkpointEvery'>
  >;
  /**
   * The recipe's own options, which replace those of the same name that all recipes have. Their
   * values must be JSON.
   */
  readonly options: readonly Option[];
  run(settings: Settings): Promise<number>;
}

/** Options that a resumed run may be given anew: each step has the same bits whatever they are. */
const FREE_ON_RESUME: readonly string[] = ['out', 'resume', 'threads', 'serve', 'stopAfter'];

/**
 * The command `train`: the options that all recipes have, and the recipe's own. With `--resume` the
 * settings are those of the run's `config.json`, and a flag that says otherwise is wrong usage.
 */
export function trainCommand<Settings extends TrainSettings>({
  app,
  description,
  backends,
  defaults,
  options,
  run,
}: TrainCommand<Settings>): ProgramCommand<Settings> {
  const { batch, ema, sampleEvery, logEvery, checkpointEvery } = defaults;
  const shared = [
    integer('--batch <n>', 'pictures per step', batch),
    integer('--seed <n>', 'makes the run repeatable', 0, { min: 0 }),
    number('--ema <decay>', 'average of the generator, 0 for none', ema, { min: 0, below: 1 }),
    integer('--sample-every <n>', 'steps between sample grids', sampleEvery),
    integer('--log-every <n>', 'steps between lines of metrics.jsonl', logEvery),
    integer('--checkpoint-every <n>', 'steps between checkpoints', checkpointEvery),
    number(
      '--stop-after <minutes>',
      'minutes of training, all in all (default: no end)',
      undefined,
      {
        above: 0,
      },
    ),
    new Option(
      '--serve [port]',
      `show the run in a browser on this machine (default port: ${LIVE_PORT})`,
    ).argParser(integerOption('--serve', { min: 1, max: 65535 })),
    ...backendOptions(backends),
  ];
  const replaced = new Set(options.map(({ long }) => long));
  return {
    name: 'train',
    description,
    options: [
      required('--out <folder>', 'run folder to make'),
      new Option('--resume', 'go on with the run in --out, by its own settings').default(false),
      ...options,
      ...shared.filter(({ long }) => !replaced.has(long)),
    ],
    run: async (settings, command) =>
      run(settings.resume ? await settingsOfRun(app, settings, command) : settings),
  };
}

/**
 * The settings in the `config.json` of the run in `settings.out`, which `--resume` goes on with.
 *
 * @param free names of more settings that may be given anew; where they are not, they are the run's
 * @throws UsageError if a flag was given that says otherwise, or the folder holds no run of `app`.
 */
export async function settingsOfRun<Settings extends { readonly out: string }>(
  app: string,
  settings: Settings,
  command: Command,
  free: readonly string[] = [],
): Promise<Settings> {
  const run = await readRunConfig(diskStore(settings.out), app);
  const resumed: Record<string, unknown> = Object.fromEntries(Object.entries(settings));
  for (const option of command.options) {
    const name = option.attributeName();
    const given = command.getOptionValueSource(name) === 'cli';
    if (FREE_ON_RESUME.includes(name) || (given && free.includes(name))) continue;
    const before = checked(option, run.settings[name]);
    const now = resumed[name];
    if (given && now !== before) {
      throw new UsageError(
        `--resume goes on with the settings of the run: ${option.long} is ${String(before)} there, ` +
          `got ${String(now)}; leave it out`,
      );
    }
    resumed[name] = before;
  }
  return resumed as Settings;
}

/** The value of `config.json`, read as if it had been given. */
function checked(option: Option, value: unknown): unknown {
  if (value === undefined) {
    if (option.defaultValue === undefined) return undefined;
    throw new UsageError(
      `--resume needs all settings in config.json, but ${option.long} is not there; ` +
        'the run is of another version',
    );
  }
  if (!option.parseArg) return value;
  try {
    return option.parseArg(`${value as string | number}`, undefined as never);
  } catch (error) {
    throw new UsageError(`config.json: ${(error as Error).message}`);
  }
}
