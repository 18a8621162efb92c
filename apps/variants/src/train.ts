import { backendNames, useBackend } from '@ganloom/backends';
import type { Batch, ImageShape, RandomStream, Sample, Variant } from '@ganloom/core';
import { downloads, parseDataset } from '@ganloom/datasets/node';
import { choice, integer, runRecipe, text, trainCommand, type TrainSettings } from '@ganloom/cli';
import { version } from '../package.json';
import { bidirectionalGan } from './bidirectional-gan';
import { fisherGan } from './fisher-gan';
import { quietGan } from './quiet-gan';
import { softmaxGan } from './softmax-gan';

/** Whatever the samples are: the trainer does not look into them, and neither does this program. */
type AnyVariant = (image: ImageShape, random: RandomStream) => Variant<Batch, Sample>;

export const variants: Readonly<Record<string, AnyVariant>> = {
  'quiet-gan': quietGan,
  'softmax-gan': softmaxGan,
  'fisher-gan': fisherGan,
  'bidirectional-gan': bidirectionalGan,
};

interface VariantSettings extends TrainSettings {
  readonly variant: string;
  readonly dataset: string;
  readonly steps: number;
}

export const train = trainCommand<VariantSettings>({
  app: 'variants',
  description: 'train a variant and write a run folder',
  backends: backendNames,
  defaults: { batch: 32, ema: 0.995, sampleEvery: 250, logEvery: 10, checkpointEvery: 500 },
  options: [
    choice('--variant <name>', 'which', Object.keys(variants), 'quiet-gan'),
    text(
      '--dataset <name>',
      'mnist, fashion-mnist[:FOLDER], idx:FOLDER or folder:FOLDER',
      'mnist',
      parseDataset,
    ),
    // About two minutes on two cores.
    integer('--steps <n>', 'generator updates', 2000),
  ],
  run: (settings) =>
    runRecipe({
      app: 'variants',
      version,
      settings,
      backend: () =>
        useBackend(settings.backend, { ...(settings.threads && { threads: settings.threads }) }),
      data: () => parseDataset(settings.dataset).load(downloads()),
      steps: settings.steps,
      plan: ({ imageShape }, random) => variants[settings.variant]!(imageShape, random),
    }),
});
