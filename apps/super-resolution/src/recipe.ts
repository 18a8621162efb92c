import { imageShapeOf, type Stage, UsageError } from '@ganloom/core';
import { superResolutionGame, type SuperResolutionNetworks } from '@ganloom/games';
import { absoluteError, charbonnier, r1, r2, squaredError } from '@ganloom/losses';
import { compactSrNet, srganDiscriminator, srResNet } from '@ganloom/models';
import { adam } from '@ganloom/optimizers';
import {
  choice,
  dataset,
  defineRecipe,
  integer,
  number,
  objectives,
  type PlanContext,
  type RecipeSettings,
  text,
} from '@ganloom/recipes';
import type * as tf from '@tensorflow/tfjs';
import { version } from '../package.json';
import { openRun } from './run';

const networks = { compact: compactSrNet, srresnet: srResNet } as const;
const contentLosses = {
  'absolute-error': absoluteError,
  'squared-error': squaredError,
  charbonnier,
} as const;

const settings = {
  dataset: dataset('emoji', 'pictures to learn from', 'pairs'),
  scale: integer(4, 'how many times larger along each side', { min: 2, max: 8 }),
  // As in the paper.
  patch: integer(96, 'side of the patches to learn from, in pixels of the original'),
  shorterSide: integer(undefined, 'shrink larger photographs to this (default: as they are)'),
  network: choice('compact', "compact, or the paper's for GPUs", Object.keys(networks)),
  blocks: integer(undefined, 'residual blocks (default: 8 compact, 16 srresnet)'),
  filters: integer(undefined, 'channels of the feature maps (default: 32 compact, 64 srresnet)'),
  from: text(undefined, 'begin with the content generator of this run (default: anew)', undefined, {
    hint: 'folder',
  }),
  contentSteps: integer(4000, 'steps towards the original itself', { min: 0 }),
  contentLoss: choice('absolute-error', 'distance', Object.keys(contentLosses)),
  learningRate: number(1e-3, 'of the content phase', { above: 0 }),
  adversarialSteps: integer(1000, 'steps against the discriminator', { min: 0 }),
  // Comparing each enlargement with its original, D learns from what differs alone.
  adversarialLoss: choice('relativistic', 'how the discriminator judges', [
    'relativistic',
    'non-saturating',
  ]),
  // At 0.005 hardly sharper than before (README).
  adversarialWeight: number(0.05, 'relative to the content loss', { above: 0 }),
  // The paper's.
  adversarialLearningRate: number(1e-4, 'of that phase', { above: 0 }),
  // It begins from nothing, where the generator has learned, and has few steps.
  discriminatorLearningRate: number(2e-4, 'of that phase', { above: 0 }),
  // A quarter of the paper's: at its 64 a discriminator costs nine times a compact generator.
  discriminatorFilters: integer(16, 'width of the discriminator'),
  gamma: number(1, 'of the penalties R1 and R2 on the discriminator, 0 for none', { min: 0 }),
};

type Settings = RecipeSettings<typeof settings>;

/** Ledig et al. 2017, "Photo-realistic single image super-resolution" (SRGAN), arXiv 1609.04802. */
export const recipe = defineRecipe({
  name: 'super-resolution',
  about: 'Trains an SRGAN and enlarges photographs with it.',
  version,
  settings,
  defaults: {
    // Half the paper's, for twice the steps in the same time.
    batch: 8,
    ema: 0.999,
    sampleEvery: 500,
    logEvery: 20,
    checkpointEvery: 250,
  },
  data: ({ dataset: name, scale, patch, shorterSide }) => ({
    kind: 'pairs',
    dataset: name,
    scale,
    patch,
    ...(shorterSide !== undefined && { shorterSide }),
  }),
  samples: () => ({ count: 12 }),
  plan: async (context) => stagesOf(context.settings, await networksOf(context)),
});

/** New networks; the generator with the weights of another run's content phase if `from` names one. */
async function networksOf({
  settings,
  data,
  random,
  isNew,
  place,
}: PlanContext<Settings>): Promise<SuperResolutionNetworks> {
  const { scale, network, blocks, filters, from, gamma, discriminatorFilters } = settings;
  const image = imageShapeOf(data);
  const generator = networks[network as keyof typeof networks]({
    scale,
    channels: image.channels,
    ...(blocks !== undefined && { blocks }),
    ...(filters !== undefined && { filters }),
    random: random.fork('generator'),
  });
  if (from !== undefined && isNew) await takeWeights(generator, from, scale, place);
  const discriminator = srganDiscriminator({
    image,
    filters: discriminatorFilters,
    // The paper's batch normalization goes badly with penalties, and without them lets D see a batch of
    // fakes by its statistics, which G answers with a grain.
    normalize: gamma === 0,
    random: random.fork('discriminator'),
  });
  return { generator, discriminator };
}

async function takeWeights(
  generator: tf.LayersModel,
  from: string,
  scale: number,
  place: PlanContext<Settings>['place'],
): Promise<void> {
  const run = await openRun(place(from), scale);
  const trained = await run.load(run.generators[0]!);
  try {
    generator.setWeights(trained.getWeights());
  } catch (error) {
    throw new UsageError(
      `from ${from} must be a run of the same network, blocks and filters: ${(error as Error).message}`,
    );
  } finally {
    trained.dispose();
  }
}

/**
 * First towards the original alone, which gives the highest PSNR: fast, then at a tenth of the
 * learning rate. Then the discriminator joins, which prefers sharp pictures to safe ones.
 */
function stagesOf(settings: Settings, playing: SuperResolutionNetworks): Stage<tf.Tensor>[] {
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
        ...objectives[settings.adversarialLoss]!(),
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
