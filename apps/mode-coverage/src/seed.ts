import {
  EXIT,
  type ProgramCommand,
  type TrainFlags,
  trainingSettings,
  trainInTerminal,
  trainOptions,
} from '@ganloom/cli';
import { RandomStream } from '@ganloom/core';
import { loadSavedGenerator } from '@ganloom/recipes';
import { runNames } from '@ganloom/runs';
import { putJson } from '@ganloom/storage';
import { diskStore } from '@ganloom/storage/node';
import type { Command } from 'commander';
import { parentSinks } from './fork-seed';
import { writeFrameStrip } from './frame-strip';
import { recipe, targetOf } from './recipe';
import { withDefaults } from './settings';
import { COVERAGE } from './summary';

/** The command `seed`: what `train` runs for each. */
export const seed: ProgramCommand<TrainFlags> = {
  name: 'seed',
  description: 'train and count one seed: what train runs for each',
  options: trainOptions(recipe, []),
  run: seedRun,
};

/** Trains a GAN in a run folder, counts the modes of its samples, and puts its frames side by side. */
async function seedRun(flags: TrainFlags, command: Command): Promise<number> {
  const run = diskStore(flags.out);
  const settings = await trainingSettings(recipe, flags, command);
  const code = await trainInTerminal(recipe, settings, flags, [], parentSinks());
  if (code !== EXIT.done) return code;

  await writeFrameStrip(run.describe(runNames.samples), run.describe('frames.png'));
  const generator = await loadSavedGenerator(run.within(runNames.generator));
  const random = RandomStream.fromSeed(settings.seed).fork(recipe.name).fork('measure');
  const coverage = await targetOf(withDefaults(settings)).measure(generator, random);
  generator.model.dispose();
  await putJson(run, COVERAGE, coverage);
  return EXIT.done;
}
