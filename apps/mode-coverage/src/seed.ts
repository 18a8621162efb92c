import {
  EXIT,
  flagOf,
  givenFlags,
  type ProgramCommand,
  required,
  settingOptions,
  settingsSpecOf,
  trainInTerminal,
} from '@ganloom/cli';
import { RandomStream } from '@ganloom/core';
import {
  loadSavedGenerator,
  readSettings,
  type RecipeSettings,
  resumedSettings,
} from '@ganloom/recipes';
import { readRunConfig, runNames } from '@ganloom/runs';
import { putJson } from '@ganloom/storage';
import { diskStore } from '@ganloom/storage/node';
import { type Command, Option } from 'commander';
import { parentSinks } from './fork-seed';
import { writeFrameStrip } from './frame-strip';
import { recipe, targetOf } from './recipe';
import { type CoverageSettings, withDefaults } from './settings';
import { COVERAGE } from './summary';

interface Flags {
  readonly out: string;
  readonly resume: boolean;
}

/** Those of every recipe, and of the target and the method. */
type Whole = CoverageSettings & { readonly seed: number };

const spec = settingsSpecOf(recipe);

/** The command `seed`: what `train` runs for each. */
export const seed: ProgramCommand<Flags> = {
  name: 'seed',
  description: 'train and count one seed: what train runs for each',
  options: [
    required('--out <folder>', 'run folder to make'),
    new Option('--resume', 'go on with the run in --out, by its own settings').default(false),
    ...settingOptions(spec, []),
  ],
  run: seedRun,
};

/** Trains a GAN in a run folder, counts the modes of its samples, and puts its frames side by side. */
async function seedRun(flags: Flags, command: Command): Promise<number> {
  const run = diskStore(flags.out);
  const given = givenFlags(command);
  const read = flags.resume
    ? resumedSettings(spec, given, (await readRunConfig(run, recipe.name)).settings, flagOf)
    : readSettings(spec, given, flagOf);
  const settings: Whole = {
    ...(read as unknown as Whole),
    ...withDefaults(read as unknown as Whole),
  };
  const known = settings as unknown as RecipeSettings<typeof recipe.settings>;
  const code = await trainInTerminal(recipe, known, flags, [], parentSinks());
  if (code !== EXIT.done) return code;

  await writeFrameStrip(run.describe(runNames.samples), run.describe('frames.png'));
  const generator = await loadSavedGenerator(run.within(runNames.generator));
  const random = RandomStream.fromSeed(settings.seed).fork(recipe.name).fork('measure');
  const coverage = await targetOf(settings).measure(generator, random);
  generator.model.dispose();
  await putJson(run, COVERAGE, coverage);
  return EXIT.done;
}
