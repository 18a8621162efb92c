import { join } from 'node:path';
import { backendNames, useBackend } from '@ganloom/backends';
import { RandomStream } from '@ganloom/core';
import { EXIT, runRecipe, trainCommand, type TrainSettings } from '@ganloom/cli';
import { runNames } from '@ganloom/runs';
import { loadModel, putJson } from '@ganloom/storage';
import { diskStore } from '@ganloom/storage/node';
import { version } from '../package.json';
import { parentSinks } from './fork-seed';
import { writeFrameStrip } from './frame-strip';
import { methods } from './methods';
import { commonOptions, type CommonSettings, withDefaults } from './settings';
import { COVERAGE } from './summary';
import { targets } from './targets';

export type SeedSettings = TrainSettings & CommonSettings;

export const seed = {
  ...trainCommand<SeedSettings>({
    app: 'mode-coverage',
    description: 'train and measure one seed: what train runs for each',
    backends: backendNames,
    defaults: {},
    options: commonOptions,
    run: seedRun,
  }),
  name: 'seed',
};

/** Trains a GAN in a run folder, counts the modes of its samples, and puts its frames side by side. */
async function seedRun(given: SeedSettings): Promise<number> {
  const settings = withDefaults(given);
  const { backend, threads, steps } = settings;
  const target = targets[settings.target]!.make(settings);
  const method = methods[settings.method]!;
  const random = RandomStream.fromSeed(settings.seed).fork('mode-coverage');
  const code = await runRecipe({
    app: 'mode-coverage',
    version,
    settings,
    backend: () => useBackend(backend, { ...(threads && { threads }) }),
    data: () => target.data(random.fork('data')),
    steps,
    plan: (_, weights) => {
      const variant = method.make(target, settings, weights);
      return { ...variant, game: target.withFrames(variant.game) };
    },
    samples: { count: target.shown },
    sinks: parentSinks(),
  });
  if (code !== EXIT.done) return code;

  const run = diskStore(settings.out);
  await writeFrameStrip(join(settings.out, runNames.samples), join(settings.out, 'frames.png'));
  const generator = await loadModel(run.within(runNames.generator));
  const coverage = await target.measure(generator, random.fork('measure'));
  generator.dispose();
  await putJson(run, COVERAGE, coverage);
  return EXIT.done;
}
