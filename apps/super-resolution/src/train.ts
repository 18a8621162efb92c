import { backendNames, useBackend } from '@ganloom/backends';
import {
  type Dataset,
  type RandomStream,
  type Stage,
  UsageError,
  imageShapeOf,
} from '@ganloom/core';
import { superResolutionGame, type SuperResolutionNetworks } from '@ganloom/games';
import {
  absoluteError,
  charbonnier,
  nonSaturating,
  r1,
  r2,
  relativisticPairing,
  squaredError,
} from '@ganloom/losses';
import { compactSrNet, srganDiscriminator, srResNet } from '@ganloom/models';
import { adam } from '@ganloom/optimizers';
import {
  choice,
  integer,
  number,
  runRecipe,
  text,
  trainCommand,
  type TrainSettings,
} from '@ganloom/cli';
import type * as tf from '@tensorflow/tfjs';
import { version } from '../package.json';
import { APP, openRun } from './run';
import { parseTrainingPictures } from './training-pictures';

export interface SuperResolutionSettings extends TrainSettings {
  readonly dataset: string;
  readonly scale: number;
  readonly patch: number;
  readonly shorterSide?: number;
  readonly network: 'compact' | 'srresnet';
  readonly blocks?: number;
  readonly filters?: number;
  readonly contentSteps: number;
  readonly contentLoss: string;
  readonly learningRate: number;
  readonly adversarialSteps: number;
  readonly adversarialLoss: string;
  readonly adversarialWeight: number;
  readonly adversarialLearningRate: number;
  readonly discriminatorLearningRate: number;
  readonly discriminatorFilters: number;
  readonly gamma: number;
  readonly from?: string;
}

const networks = { compact: compactSrNet, srresnet: srResNet };
const adversarialLosses = {
  relativistic: relativisticPairing,
  'non-saturating': nonSaturating,
};
const contentLosses = {
  'absolute-error': absoluteError,
  'squared-error': squaredError,
  charbonnier,
};

export const train = trainCommand<SuperResolutionSettings>({
  app: APP,
  description: 'train on photographs and write a run folder',
  backends: backendNames,
  defaults: {
    // Half the paper's, for twice the steps in the same time.
    batch: 8,
    ema: 0.999,
    sampleEvery: 500,
    logEvery: 20,
    checkpointEvery: 250,
  },
  options: [
    text(
      '--dataset <name>',
      'folder:FOLDER of photographs, or emoji',
      'emoji',
      parseTrainingPictures,
    ),
    integer('--scale <n>', 'how many times larger along each side', 4, { min: 2, max: 8 }),
    // As in the paper.
    integer('--patch <n>', 'side of the patches to learn from, in pixels of the original', 96),
    integer('--shorter-side <n>', 'shrink larger photographs to this (default: as they are)'),
    choice(
      '--network <name>',
      "compact, or the paper's for GPUs",
      Object.keys(networks),
      'compact',
    ),
    integer('--blocks <n>', 'residual blocks (default: 8 compact, 16 srresnet)'),
    integer('--filters <n>', 'channels of the feature maps (default: 32 compact, 64 srresnet)'),
    text('--from <folder>', 'begin with the content generator of this run (default: anew)'),
    integer('--content-steps <n>', 'steps towards the original itself', 4000, { min: 0 }),
    choice('--content-loss <name>', 'distance', Object.keys(contentLosses), 'absolute-error'),
    number('--learning-rate <x>', 'of the content phase', 1e-3, { above: 0 }),
    integer('--adversarial-steps <n>', 'steps against the discriminator', 1000, { min: 0 }),
    // Comparing each enlargement with its original, D learns from what differs alone.
    choice(
      '--adversarial-loss <name>',
      'how the discriminator judges',
      Object.keys(adversarialLosses),
      'relativistic',
    ),
    // At 0.005 hardly sharper than before (README).
    number('--adversarial-weight <x>', 'relative to the content loss', 0.05, { above: 0 }),
    // The paper's.
    number('--adversarial-learning-rate <x>', 'of that phase', 1e-4, { above: 0 }),
    // It begins from nothing, where the generator has learned, and has few steps.
    number('--discriminator-learning-rate <x>', 'of that phase', 2e-4, { above: 0 }),
    // A quarter of the paper's: at its 64 a discriminator costs nine times a compact generator.
    integer('--discriminator-filters <n>', 'width of the discriminator', 16),
    number('--gamma <x>', 'of the penalties R1 and R2 on the discriminator, 0 for none', 1, {
      min: 0,
    }),
  ],
  run: trainRun,
});

/** Trains an SRGAN (Ledig et al. 2017, arXiv 1609.04802) and saves its generator. */
function trainRun(settings: SuperResolutionSettings): Promise<number> {
  const { backend, threads, scale, patch, shorterSide } = settings;
  return runRecipe({
    app: APP,
    version,
    settings,
    backend: () => useBackend(backend, { ...(threads && { threads }) }),
    data: () =>
      parseTrainingPictures(settings.dataset).load({
        scale,
        patch,
        ...(shorterSide && { shorterSide }),
        onSkip: ({ file, reason }) => console.error(`warning: skipped ${file}: ${reason}`),
      }),
    samples: { count: 12 },
    plan: async (data, random) => stagesOf(settings, await networksOf(settings, data, random)),
  });
}

/** New networks; the generator with the weights of another run's content phase if `from` names one. */
async function networksOf(
  settings: SuperResolutionSettings,
  data: Dataset,
  random: RandomStream,
): Promise<SuperResolutionNetworks> {
  const { scale, network, blocks, filters, from } = settings;
  const image = imageShapeOf(data);
  const generator = networks[network]({
    scale,
    channels: image.channels,
    ...(blocks && { blocks }),
    ...(filters && { filters }),
    random: random.fork('generator'),
  });
  // A resumed run has weights of its own.
  if (from && !settings.resume) await takeWeights(generator, from, scale);
  const discriminator = srganDiscriminator({
    image,
    filters: settings.discriminatorFilters,
    // The paper's batch normalization goes badly with penalties, and without them lets D see a batch of
    // fakes by its statistics, which G answers with a grain.
    normalize: settings.gamma === 0,
    random: random.fork('discriminator'),
  });
  return { generator, discriminator };
}

async function takeWeights(generator: tf.LayersModel, from: string, scale: number): Promise<void> {
  const run = await openRun(from, scale);
  const trained = await run.load(run.generators[0]!);
  try {
    generator.setWeights(trained.getWeights());
  } catch (error) {
    throw new UsageError(
      `--from ${from} must be a run of the same --network, --blocks and --filters: ${(error as Error).message}`,
    );
  } finally {
    trained.dispose();
  }
}

/**
 * First towards the original alone, which gives the highest PSNR: fast, then at a tenth of the
 * learning rate. Then the discriminator joins, which prefers sharp pictures to safe ones.
 */
function stagesOf(
  settings: SuperResolutionSettings,
  playing: SuperResolutionNetworks,
): Stage<tf.Tensor>[] {
  const { learningRate, contentSteps, adversarialSteps, gamma } = settings;
  const game = superResolutionGame(playing);
  const content = contentLosses[settings.contentLoss as keyof typeof contentLosses];
  const towardsOriginal = (name: string, rate: number) => ({
    name,
    game,
    terms: [content()],
    optimizers: { generator: adam({ learningRate: rate, beta1: 0.9 }) },
  });
  const fast = Math.ceil(contentSteps * 0.8);
  const stages = [
    { name: 'content-fast', steps: fast, variant: towardsOriginal('fast', learningRate) },
    {
      name: 'content',
      steps: contentSteps - fast,
      variant: towardsOriginal('content', learningRate / 10),
    },
    {
      name: 'adversarial',
      steps: adversarialSteps,
      variant: {
        name: 'srgan',
        game,
        loss: adversarialLosses[settings.adversarialLoss as keyof typeof adversarialLosses](),
        // The adversarial part has the weight 1 in every variant, so the content gets the inverse.
        terms: [
          content({ weight: 1 / settings.adversarialWeight }),
          // Against a discriminator that is far ahead of so careful a generator.
          ...(gamma > 0 ? [r1({ gamma, every: 16 }), r2({ gamma, every: 16 })] : []),
        ],
        optimizers: {
          generator: adam({ learningRate: settings.adversarialLearningRate, beta1: 0.9 }),
          discriminator: adam({ learningRate: settings.discriminatorLearningRate, beta1: 0.9 }),
        },
      },
    },
  ];
  return stages.filter(({ steps }) => steps > 0);
}
