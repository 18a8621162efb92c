import { imageShapeOf } from '@ganloom/core';
import { backendNames, useBackend } from '@ganloom/backends';
import {
  auxiliaryClassifier,
  concatenation,
  type Conditioning,
  projection,
} from '@ganloom/conditional';
import { conditionalGame } from '@ganloom/games';
import { parseDataset } from '@ganloom/datasets/node';
import { hinge, leastSquares, minimax, nonSaturating } from '@ganloom/losses';
import { dcgan } from '@ganloom/models';
import { adam } from '@ganloom/optimizers';
import {
  choice,
  decayOption,
  integer,
  learningRates,
  number,
  type RateSettings,
  runRecipe,
  text,
  trainCommand,
  type TrainSettings,
} from '@ganloom/cli';
import { Option } from 'commander';
import { version } from '../package.json';
import { type DatasetSettings, loadLabeled } from './labeled-dataset';

const conditionings: Readonly<Record<string, () => Conditioning>> = {
  concatenation,
  projection,
  'auxiliary-classifier': auxiliaryClassifier,
};

const losses = {
  'non-saturating': nonSaturating,
  minimax,
  hinge,
  'least-squares': leastSquares,
} as const;

export interface CganSettings extends TrainSettings, DatasetSettings, RateSettings {
  readonly conditioning: string;
  readonly loss: keyof typeof losses;
  readonly latent: number;
  readonly filters: number;
  readonly beta1: number;
}

export const train = trainCommand<CganSettings>({
  app: 'cgan',
  description: 'train on a data set with classes and write a run folder',
  backends: backendNames,
  defaults: {
    // As apps/dcgan found: in a few minutes, small batches and many steps make the best digits.
    batch: 32,
    // Averages the last few hundred steps of a run of a few thousand.
    ema: 0.995,
    sampleEvery: 500,
    logEvery: 10,
    checkpointEvery: 500,
  },
  options: [
    text(
      '--dataset <name>',
      'mnist, fashion-mnist[:FOLDER], idx:FOLDER or folder:FOLDER (a sub-folder per class)',
      'mnist',
      parseDataset,
    ),
    choice(
      '--conditioning <name>',
      'how the networks learn of classes',
      Object.keys(conditionings),
      'projection',
    ),
    // About three minutes on two cores.
    integer('--steps <n>', 'generator updates', 3500),
    choice('--loss <name>', 'adversarial loss', Object.keys(losses), 'non-saturating'),
    integer('--latent <n>', 'size of the latent vector', 64),
    integer('--filters <n>', 'width of the networks', 32),
    // As in apps/dcgan: a run of minutes cannot wait.
    number('--learning-rate <x>', "Adam's learning rate for the generator", 2e-3, { above: 0 }),
    number('--discriminator-learning-rate <x>', 'the same for the discriminator', 1e-3, {
      above: 0,
    }),
    decayOption('none'),
    // From Radford et al. 2015 (arXiv 1511.06434), section 4.
    number('--beta1 <x>', "Adam's beta 1", 0.5, { min: 0, below: 1 }),
    integer('--size <n>', "side of a folder's pictures", 64),
    new Option('--grey', "read a folder's pictures without color").default(false),
  ],
  run: trainRun,
});

/** Trains a GAN whose networks are DCGAN's, told of classes in one of three ways. */
function trainRun(settings: CganSettings): Promise<number> {
  const { backend, threads, steps, latent: latentSize, filters, beta1 } = settings;
  const conditioning = conditionings[settings.conditioning]!();
  const rates = learningRates(settings);
  return runRecipe({
    app: 'cgan',
    version,
    settings,
    backend: () => useBackend(backend, { ...(threads && { threads }) }),
    data: () => loadLabeled(settings),
    steps,
    plan: (data, random) => ({
      name: `cgan-${conditioning.name}`,
      game: conditionalGame({
        ...conditioning,
        architecture: dcgan({ image: imageShapeOf(data), latentSize, filters }),
        classes: data.classNames!.length,
        random,
      }),
      loss: losses[settings.loss](),
      terms: conditioning.discriminator.terms,
      optimizers: {
        generator: adam({ learningRate: rates.generator, beta1 }),
        discriminator: adam({ learningRate: rates.discriminator, beta1 }),
      },
    }),
  });
}
