import { join } from 'node:path';
import type { NamedDataset } from '@ganloom/datasets/node';
import {
  readRecipeSettings,
  type Recipe,
  type RecipeSettings,
  resumedRecipeSettings,
  type SettingsSpec,
  settingsSpecOf,
  trainRecipe,
} from '@ganloom/recipes';
import { LIVE_PORT, liveView } from '@ganloom/report/node';
import { GanloomError } from '@ganloom/core';
import { readRunSettings, runNames } from '@ganloom/runs';
import { diskStore } from '@ganloom/storage/node';
import type { Sink } from '@ganloom/training';
import { type Command, Option } from 'commander';
import { EXIT } from './exit-code';
import { givenFlags } from './given-flags';
import { type InterruptSignal, interruptSignal } from './interrupt-signal';
import { nodeHost } from './node-host';
import { portOption, required } from './options';
import type { ProgramCommand } from './program';
import { progressSink } from './progress-sink';
import { samplesStripSink } from './samples-strip';
import { flagOf, settingOptions } from './setting-option';

/** What the command line of `train` says. */
export interface TrainFlags {
  readonly out: string;
  readonly resume: boolean;
  /** Show the run in a browser, at this port of this machine or one that is found. */
  readonly serve?: number | boolean;
}

/**
 * The command `train` of a recipe. With `--resume` the settings are those of the run's `config.json`,
 * and a flag that says otherwise is wrong usage.
 */
export function trainCommand<Spec extends SettingsSpec>(
  recipe: Recipe<Spec>,
  datasets: readonly NamedDataset[],
): ProgramCommand<TrainFlags> {
  return {
    name: 'train',
    description: 'train and write a run folder',
    options: trainOptions(recipe, datasets),
    async run(flags, command) {
      const settings = await trainingSettings(recipe, flags, command);
      return trainInTerminal(recipe, settings, flags, datasets);
    },
  };
}

/** What a command takes that trains a run of a recipe. */
export function trainOptions<Spec extends SettingsSpec>(
  recipe: Recipe<Spec>,
  datasets: readonly NamedDataset[],
): readonly Option[] {
  return [
    required('--out <folder>', 'run folder to make'),
    new Option('--resume', 'go on with the run in --out, by its own settings').default(false),
    ...settingOptions(settingsSpecOf(recipe), datasets),
    portOption(LIVE_PORT),
  ];
}

/** The settings of a training: those that are given, or with `resume` those of the run in `out`. */
export async function trainingSettings<Spec extends SettingsSpec>(
  recipe: Recipe<Spec>,
  { out, resume }: Pick<TrainFlags, 'out' | 'resume'>,
  command: Command,
): Promise<RecipeSettings<Spec>> {
  const given = givenFlags(command);
  if (!resume) return readRecipeSettings(recipe, given, flagOf);
  const settings = await readRunSettings(diskStore(out), recipe.name);
  return resumedRecipeSettings(recipe, given, settings, flagOf);
}

/** Trains, shows how it goes, and says where everything is. Ctrl-C finishes the step and saves. */
export async function trainInTerminal<Spec extends SettingsSpec>(
  recipe: Recipe<Spec>,
  settings: RecipeSettings<Spec>,
  { out, resume, serve = false }: TrainFlags,
  datasets: readonly NamedDataset[],
  moreSinks: readonly Sink[] = [],
): Promise<number> {
  const run = diskStore(out);
  const host = nodeHost(datasets);
  // Until training begins, nothing is there to be saved, and ctrl-C ends the process.
  let interrupt: InterruptSignal | undefined;
  let live: Awaited<ReturnType<typeof liveView>> | undefined;
  try {
    const { end, best, generators, isSaved } = await trainRecipe(
      recipe,
      settings,
      {
        ...host,
        run,
        get signal() {
          return interrupt?.signal;
        },
        async sinks({ also, report }) {
          interrupt = interruptSignal();
          if (serve !== false) {
            live = await liveView(report, serve === true ? undefined : serve);
            host.note(`live:      ${live.url}`);
          }
          return [
            progressSink({ also }),
            ...(live ? [live.sink] : []),
            samplesStripSink(run),
            ...moreSinks,
          ];
        },
      },
      { resume },
    );
    const at = (name: string) => join(out, name);
    const hasSamples = (await run.list(runNames.samples)).length > 0;
    host.say(
      `${end.step} steps in ${end.seconds.toFixed(1)} s (${end.imagesPerSecond.toFixed(0)} pictures/s)\n` +
        (hasSamples ? `samples:   ${at(runNames.samples)}\n` : '') +
        generators.map((name) => `generator: ${at(name)}\n`).join('') +
        `report:    ${at(runNames.report)}`,
    );
    if (best) host.say(`best:      ${at(runNames.bestGenerator)} of ${best}`);
    if (!isSaved) {
      throw new GanloomError('the last checkpoint could not be written; see the warning above');
    }
    if (end.stopped) host.say(`ended early: ${end.stopped.because}`);
    if (end.reason !== 'interrupted') return EXIT.done;
    host.say('interrupted: the same command with --resume goes on');
    return EXIT.interrupted;
  } finally {
    interrupt?.dispose();
    await live?.close();
  }
}
