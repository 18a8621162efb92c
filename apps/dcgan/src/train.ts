import { imageShapeOf } from '@ganloom/core';
import { backendNames, useBackend } from '@ganloom/backends';
import { latentGame } from '@ganloom/games';
import { parseDataset } from '@ganloom/datasets/node';
import { dcgan, discriminatorOf, generatorOf } from '@ganloom/models';
import { adam } from '@ganloom/optimizers';
import { whenNotImproved } from '@ganloom/training';
import {
  choice,
  decayOption,
  downloads,
  integer,
  learningRates,
  number,
  type RateSettings,
  runRecipe,
  text,
  trainCommand,
  type TrainSettings,
} from '@ganloom/cli';
import { version } from '../package.json';
import { objectives } from './objectives';
import { PIXEL_DISTANCE, pixelDistance } from './pixel-distance';

export interface DcganSettings extends TrainSettings, RateSettings {
  readonly dataset: string;
  readonly loss: string;
  readonly latent: number;
  readonly filters: number;
  readonly beta1: number;
  readonly patience?: number;
}

export const train = trainCommand<DcganSettings>({
  app: 'dcgan',
  description: 'train on a data set and write a run folder',
  backends: backendNames,
  defaults: {
    // In a few minutes, twice the steps on half the pictures make better digits than 64 (README).
    batch: 32,
    // Averages the last few hundred steps of a run of a few thousand.
    ema: 0.995,
    sampleEvery: 500,
    logEvery: 10,
    // A few minutes of work at most are lost.
    checkpointEvery: 500,
  },
  options: [
    text(
      '--dataset <name>',
      'mnist, fashion-mnist[:FOLDER], idx:FOLDER or folder:FOLDER',
      'mnist',
      parseDataset,
    ),
    // About three minutes on two cores.
    integer('--steps <n>', 'generator updates', 3500),
    choice(
      '--loss <name>',
      'adversarial loss, with its penalties',
      Object.keys(objectives),
      'non-saturating',
    ),
    // The paper's 100 is for photographs.
    integer('--latent <n>', 'size of the latent vector', 64),
    integer('--filters <n>', 'width of the networks', 32),
    // Ten and five times the paper's 2e-4: a run of minutes cannot wait, and digits forgive it (README).
    number('--learning-rate <x>', "Adam's learning rate for the generator", 2e-3, { above: 0 }),
    number('--discriminator-learning-rate <x>', 'the same for the discriminator', 1e-3, {
      above: 0,
    }),
    decayOption('none'),
    // From the paper's section 4.
    number('--beta1 <x>', "Adam's beta 1", 0.5, { min: 0, below: 1 }),
    integer(
      '--patience <n>',
      'end when so many sample grids in a row are no more like the data (default: all steps)',
    ),
  ],
  run: trainRun,
});

/** Trains a DCGAN (Radford, Metz and Chintala 2015, arXiv 1511.06434) and saves its generator. */
function trainRun(settings: DcganSettings): Promise<number> {
  const { backend, threads, steps, latent: latentSize, filters, beta1 } = settings;
  const { normalize, ...objective } = objectives[settings.loss]!();
  const rates = learningRates(settings, objective.discriminatorSteps);
  const { patience, sampleEvery } = settings;
  return runRecipe({
    app: 'dcgan',
    version,
    settings,
    backend: () => useBackend(backend, { ...(threads && { threads }) }),
    data: () => parseDataset(settings.dataset).load(downloads()),
    steps,
    ...(patience !== undefined && {
      metrics: (data) => [pixelDistance(data, latentSize, sampleEvery)],
      stop: [whenNotImproved({ metric: PIXEL_DISTANCE, patience })],
      best: { metric: PIXEL_DISTANCE },
    }),
    plan: (data, random) => {
      const architecture = dcgan({ image: imageShapeOf(data), latentSize, filters });
      return {
        name: 'dcgan',
        game: latentGame({
          generator: generatorOf(architecture, { random: random.fork('generator') }),
          discriminator: discriminatorOf(architecture, {
            ...(normalize && { normalize }),
            random: random.fork('discriminator'),
          }),
        }),
        ...objective,
        optimizers: {
          generator: adam({ learningRate: rates.generator, beta1 }),
          discriminator: adam({ learningRate: rates.discriminator, beta1 }),
        },
      };
    },
  });
}
