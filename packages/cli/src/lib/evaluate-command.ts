import { UsageError } from '@ganloom/core';
import { defaultCache, type NamedDataset } from '@ganloom/datasets/node';
import {
  backendSettings,
  dataset,
  evaluateRun,
  flag,
  integer,
  loadSavedGenerator,
  readRecipeSettings,
  type Recipe,
  type SettingsSpec,
  text,
} from '@ganloom/recipes';
import { readRunConfig, runNames } from '@ganloom/runs';
import { diskStore } from '@ganloom/storage/node';
import { EXIT } from './exit-code';
import { nodeHost } from './node-host';
import type { ProgramCommand } from './program';
import { classifierProgress } from './classifier-progress';
import { type Progress, progress } from './progress';
import { settingsCommand } from './settings-command';

/** The command `evaluate` of a recipe that makes pictures like those of a data set. */
export function evaluateCommand<Spec extends SettingsSpec>(
  recipe: Recipe<Spec>,
  datasets: readonly NamedDataset[],
): ProgramCommand {
  const settings = {
    dataset: dataset(undefined, 'where the data are now (default: as in training)', 'pictures'),
    best: flag('of the best generator of the run, where one is kept, not the last'),
    cache: text(defaultCache(), 'where trained classifiers are kept', undefined, {
      hint: 'folder',
    }),
    count: integer(10_000, 'pictures to draw, as many of each class'),
    seed: integer(0, 'other pictures for another seed', { min: 0 }),
    batch: integer(100, 'pictures at a time'),
    ...backendSettings(),
  };
  return settingsCommand({
    name: 'evaluate',
    description: 'say how good the generator of a run is',
    places: { run: ['folder', 'run folder made by train'] },
    settings,
    datasets,
    async run({ run: folder, ...read }) {
      const { count, seed, batch, backend, threads, best } = read;
      const run = diskStore(folder);
      const { settings: before, data } = await readRunConfig(run, recipe.name);
      const trained = readRecipeSettings(recipe, before, (name) => `config.json: ${name}`);
      const { fingerprint } = data;
      const wanted = recipe.data(trained);
      if (wanted.kind !== 'pictures') {
        throw new UsageError(`${recipe.name} has no evaluation of this kind`);
      }
      const need = { ...wanted, dataset: read.dataset ?? wanted.dataset };
      const host = nodeHost(datasets);
      await host.backend({ backend, threads });
      const place = run.within(best ? runNames.bestGenerator : runNames.generator);
      const saved = await loadSavedGenerator(place, data.classNames);
      // Begins with the first picture: a classifier may have to be trained before.
      let shown: Progress | undefined;
      await evaluateRun(run, saved, need, host, {
        count,
        seed,
        batch,
        cache: diskStore(read.cache),
        ...(read.dataset === undefined && fingerprint && { fingerprint }),
        onTraining: classifierProgress(),
        onProgress: (done) => (shown ??= progress({ unit: 'pictures', total: count })).update(done),
      }).finally(() => {
        shown?.stop();
        saved.model.dispose();
      });
      return EXIT.done;
    },
  });
}
