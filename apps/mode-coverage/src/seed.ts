import {
  EXIT,
  type ProgramCommand,
  required,
  settingOptions,
  trainingSettings,
  trainInTerminal,
} from '@ganloom/cli';
import { RandomStream } from '@ganloom/core';
import { loadSavedGenerator, settingsSpecOf } from '@ganloom/recipes';
import { runNames } from '@ganloom/runs';
import { putJson } from '@ganloom/storage';
import { diskStore } from '@ganloom/storage/node';
import { type Command, Option } from 'commander';
import { parentSinks } from './fork-seed';
import { writeFrameStrip } from './frame-strip';
import { recipe, targetOf } from './recipe';
import { withDefaults } from './settings';
import { COVERAGE } from './summary';

interface Flags {
  readonly out: string;
  readonly resume: boolean;
}

/** The command `seed`: what `train` runs for each. */
export const seed: ProgramCommand<Flags> = {
  name: 'seed',
  description: 'train and count one seed: what train runs for each',
  options: [
    required('--out <folder>', 'run folder to make'),
    new Option('--resume', 'go on with the run in --out, by its own settings').default(false),
    ...settingOptions(settingsSpecOf(recipe), []),
  ],
  run: seedRun,
};

/** Trains a GAN in a run folder, counts the modes of its samples, and puts its frames side by side. */
async function seedRun(flags: Flags, command: Command): Promise<number> {
  const run = diskStore(flags.out);
  const settings = withDefaults(await trainingSettings(recipe, flags, command));
  const code = await trainInTerminal(recipe, settings, flags, [], parentSinks());
  if (code !== EXIT.done) return code;

  await writeFrameStrip(run.describe(runNames.samples), run.describe('frames.png'));
  const generator = await loadSavedGenerator(run.within(runNames.generator));
  const random = RandomStream.fromSeed(settings.seed).fork(recipe.name).fork('measure');
  const coverage = await targetOf(settings).measure(generator, random);
  generator.model.dispose();
  await putJson(run, COVERAGE, coverage);
  return EXIT.done;
}
