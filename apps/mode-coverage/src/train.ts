import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { useBackend } from '@ganloom/backends';
import {
  EXIT,
  flagOf,
  givenFlags,
  interruptSignal,
  type ProgramCommand,
  progress,
  required,
  settingOptions,
} from '@ganloom/cli';
import { integer, readSettings, resumedSettings } from '@ganloom/recipes';
import { lockRun, readRunSettings, requireNewRun, runNames } from '@ganloom/runs';
import { putJson, putText, type Store } from '@ganloom/storage';
import { diskStore } from '@ganloom/storage/node';
import { type Command, Option } from 'commander';
import { version } from '../package.json';
import type { StartSeed } from './fork-seed';
import { seed as seedCommand } from './seed';
import { coverageSettings, type CoverageSettings, withDefaults } from './settings';
import { markdownTable, readSeed, type SeedResult, summarize } from './summary';
import { targets } from './targets';

const spec = {
  // The papers have ten.
  seeds: integer(3, 'trainings, of the seeds 0, 1, …', { min: 1 }, { free: true }),
  jobs: integer(
    undefined,
    'processes at a time (default: as many as cores)',
    { min: 1 },
    { free: true },
  ),
  ...coverageSettings,
};

interface Flags {
  readonly out: string;
  readonly resume: boolean;
}

type TrainSettings = CoverageSettings & {
  readonly out: string;
  readonly seeds: number;
  readonly jobs: number | undefined;
};

/** The command `train`, given how to run one seed. */
export function trainWith(start: StartSeed): ProgramCommand<Flags> {
  return {
    name: 'train',
    description: 'train a GAN from several seeds and count the modes that it covers',
    options: [
      required('--out <folder>', 'folder to make, with a run folder for each seed'),
      new Option('--resume', 'go on with the seeds in --out, by its own settings').default(false),
      ...settingOptions(spec, []),
    ],
    run: (flags, command) => trainRun(flags, command, start),
  };
}

async function trainRun(flags: Flags, command: Command, start: StartSeed): Promise<number> {
  const { out, resume } = flags;
  const run = diskStore(out);
  const given = givenFlags(command);
  const read = resume
    ? resumedSettings(spec, given, await readRunSettings(run, 'mode-coverage'), flagOf)
    : readSettings(spec, given, flagOf);
  const settings: TrainSettings = { ...withDefaults(read), out };
  if (!resume) await requireNewRun(run);
  const lock = await lockRun(run);
  try {
    return await trainIn(run, settings, start);
  } finally {
    await lock.release();
  }
}

async function trainIn(run: Store, settings: TrainSettings, start: StartSeed): Promise<number> {
  const { prepare } = targets[settings.target]!;
  if (prepare) {
    await useBackend(settings.backend, { ...(settings.threads && { threads: settings.threads }) });
    await prepare(settings);
  }
  const { out: _, jobs: __, ...kept } = settings;
  await putJson(run, runNames.config, { app: 'mode-coverage', settings: kept, version });

  const interrupt = interruptSignal();
  const { results, failed } = await trainSeeds(settings, start, interrupt.signal);
  interrupt.dispose();
  if (interrupt.signal.aborted) {
    console.log('interrupted: the same command with --resume goes on');
    return EXIT.interrupted;
  }
  if (results.length > 0) {
    const summary = summarize(settings, results, failed);
    const table = markdownTable([summary]);
    await putJson(run, runNames.summary, summary);
    await putText(run, 'table.md', table);
    console.log(`${table}\nwritten: ${run.describe(runNames.summary)}`);
  }
  return failed.length > 0 ? EXIT.failed : EXIT.done;
}

/** Trains the seeds that are not done, some at a time. */
async function trainSeeds(settings: TrainSettings, start: StartSeed, signal: AbortSignal) {
  const { out, steps } = settings;
  const results: SeedResult[] = [];
  const failed: number[] = [];
  const queue: number[] = [];
  const stepsOf = new Map<number, number>();
  const folderOf = (seed: number) => join(out, `seed-${seed}`);
  for (let seed = 0; seed < settings.seeds; seed++) {
    const before = await readSeed(folderOf(seed), seed);
    if (before) results.push(before);
    else queue.push(seed);
    stepsOf.set(seed, before ? steps : 0);
  }
  const stepsDone = () => [...stepsOf.values()].reduce((sum, n) => sum + n, 0);
  const shown = progress({ unit: 'steps', total: steps * settings.seeds, start: stepsDone() });
  const jobs = Math.min(settings.jobs ?? availableParallelism(), queue.length);
  // Several processes leave no core for threads.
  const threads = settings.threads ?? (jobs > 1 ? 1 : undefined);

  const work = async () => {
    for (let seed = queue.shift(); seed !== undefined; seed = queue.shift()) {
      const current = seed;
      const folder = folderOf(seed);
      const argv = argvOf({ ...settings, out: folder, seed, ...(threads && { threads }) });
      const onStep = (step: number) => {
        stepsOf.set(current, step);
        shown.update(stepsDone(), `${results.length} of ${settings.seeds} seeds done`);
      };
      const { code, errors } = await start(argv, { signal, onStep });
      if (signal.aborted) return;
      const result = await readSeed(folder, seed);
      if (code === EXIT.done && result) {
        results.push(result);
      } else {
        failed.push(seed);
        console.error(`\nseed ${seed} failed: ${errors.trim().split('\n').at(-1)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: jobs }, work)).finally(() => shown.stop());
  const inOrder = results.toSorted((a, b) => a.seed - b.seed);
  return { results: inOrder, failed: failed.toSorted((a, b) => a - b) };
}

/** The words that make {@link seedCommand} train one seed, or go on with it. */
function argvOf(settings: CoverageSettings & { readonly out: string; readonly seed: number }) {
  // There from the beginning of a run on.
  const resume = existsSync(join(settings.out, runNames.config));
  const values: Readonly<Record<string, unknown>> = { ...settings };
  const flags = seedCommand.options
    .filter((option) => option.attributeName() !== 'resume')
    .filter((option) => values[option.attributeName()] !== undefined)
    .flatMap((option) => [option.long!, String(values[option.attributeName()])]);
  return [seedCommand.name, ...flags, ...(resume ? ['--resume'] : [])];
}
