import { imageShapeOf } from '@ganloom/core';
import { conditionalGame, packed } from '@ganloom/games';
import { dcgan } from '@ganloom/models';
import { adam } from '@ganloom/optimizers';
import {
  choice,
  conditionings,
  cures,
  dataset,
  defineRecipe,
  flag,
  integer,
  learningRates,
  number,
  objectives,
  playedFor,
  rateSettings,
} from '@ganloom/recipes';
import { version } from '../package.json';

/** Mirza and Osindero 2014, "Conditional generative adversarial nets", arXiv 1411.1784, with DCGAN's networks. */
export const recipe = defineRecipe({
  name: 'cgan',
  about: 'Trains a GAN that draws what class is asked for.',
  version,
  settings: {
    dataset: dataset('mnist', 'pictures with classes; of a folder, a sub-folder each', 'pictures'),
    conditioning: choice(
      'projection',
      'how the networks learn of classes',
      Object.keys(conditionings),
    ),
    // About three minutes on two cores.
    steps: integer(3500, 'generator updates'),
    loss: choice('non-saturating', 'what is played for', Object.keys(objectives)),
    cure: choice('none', 'against mode collapse', Object.keys(cures)),
    latent: integer(64, 'size of the latent vector'),
    filters: integer(32, 'width of the networks'),
    // As in apps/dcgan: a run of minutes cannot wait.
    ...rateSettings(2e-3, 1e-3),
    // From Radford et al. 2015 (arXiv 1511.06434), section 4.
    beta1: number(0.5, "Adam's beta 1", { min: 0, below: 1 }),
    size: integer(64, "side of a folder's pictures"),
    grey: flag("read a folder's pictures without color"),
  },
  defaults: {
    // As apps/dcgan found: in a few minutes, small batches and many steps make the best digits.
    batch: 32,
    // Averages the last few hundred steps of a run of a few thousand.
    ema: 0.995,
    sampleEvery: 500,
    logEvery: 10,
    checkpointEvery: 500,
  },
  data: ({ dataset: name, size, grey }) => ({
    kind: 'pictures',
    dataset: name,
    size,
    channels: grey ? 1 : 3,
    classes: true,
  }),
  steps: (settings) => settings.steps,
  plan({ settings, data, random }) {
    const { latent: latentSize, filters, beta1 } = settings;
    const conditioning = conditionings[settings.conditioning as keyof typeof conditionings]();
    const { changes, degree, play } = playedFor(
      objectives[settings.loss]!(),
      cures[settings.cure]!(),
    );
    const game = conditionalGame({
      ...conditioning,
      architecture: dcgan({ image: imageShapeOf(data), latentSize, filters }),
      classes: data.classNames!.length,
      degree,
      changes,
      random,
    });
    const rates = learningRates(settings, play.discriminatorSteps);
    return {
      name: `cgan-${conditioning.name}`,
      game: packed(game, degree),
      ...play,
      terms: [...conditioning.discriminator.terms, ...(play.terms ?? [])],
      optimizers: {
        generator: adam({ learningRate: rates.generator, beta1 }),
        discriminator: adam({ learningRate: rates.discriminator, beta1 }),
      },
    };
  },
});
