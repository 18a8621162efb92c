import { imageShapeOf } from '@ganloom/core';
import { latentGame, packed } from '@ganloom/games';
import { dcgan, discriminatorOf, generatorOf } from '@ganloom/models';
import { adam } from '@ganloom/optimizers';
import {
  choice,
  cures,
  dataset,
  defineRecipe,
  integer,
  learningRates,
  number,
  objectives,
  PIXEL_DISTANCE,
  pixelDistance,
  playedFor,
  rateSettings,
} from '@ganloom/recipes';
import { whenNotImproved } from '@ganloom/training';
import { version } from '../package.json';

/** Radford, Metz and Chintala 2015, "Unsupervised representation learning with DCGAN", arXiv 1511.06434. */
export const recipe = defineRecipe({
  name: 'dcgan',
  about: 'Trains a DCGAN and draws from it.',
  version,
  settings: {
    dataset: dataset('mnist', 'pictures to learn from', 'pictures'),
    // About three minutes on two cores.
    steps: integer(3500, 'generator updates'),
    loss: choice('non-saturating', 'what is played for', Object.keys(objectives)),
    cure: choice('none', 'against mode collapse', Object.keys(cures)),
    // The paper's 100 is for photographs.
    latent: integer(64, 'size of the latent vector'),
    filters: integer(32, 'width of the networks'),
    // Ten and five times the paper's 2e-4: a run of minutes cannot wait, and digits forgive it (README).
    ...rateSettings(2e-3, 1e-3),
    // From the paper's section 4.
    beta1: number(0.5, "Adam's beta 1", { min: 0, below: 1 }),
    patience: integer(
      undefined,
      'end when so many sample grids in a row are no more like the data (default: all steps)',
    ),
  },
  defaults: {
    // In a few minutes, twice the steps on half the pictures make better digits than 64 (README).
    batch: 32,
    // Averages the last few hundred steps of a run of a few thousand.
    ema: 0.995,
    sampleEvery: 500,
    logEvery: 10,
    // Half a minute of work at most is lost.
    checkpointEvery: 500,
  },
  data: (settings) => ({ kind: 'pictures', dataset: settings.dataset }),
  steps: (settings) => settings.steps,
  plan({ settings, data, random }) {
    const { latent: latentSize, filters, beta1 } = settings;
    const { changes, degree, play } = playedFor(
      objectives[settings.loss]!(),
      cures[settings.cure]!(),
    );
    const architecture = dcgan({ image: imageShapeOf(data), latentSize, filters });
    const game = latentGame({
      generator: generatorOf(architecture, { random: random.fork('generator') }),
      discriminator: discriminatorOf(architecture, {
        ...changes,
        degree,
        random: random.fork('discriminator'),
      }),
    });
    const rates = learningRates(settings, play.discriminatorSteps);
    return {
      name: 'dcgan',
      game: packed(game, degree),
      ...play,
      optimizers: {
        generator: adam({ learningRate: rates.generator, beta1 }),
        discriminator: adam({ learningRate: rates.discriminator, beta1 }),
      },
    };
  },
  watch({ settings, data }) {
    const { patience, latent, sampleEvery } = settings;
    if (patience === undefined) return {};
    return {
      metrics: [pixelDistance(data, latent, sampleEvery)],
      stop: [whenNotImproved({ metric: PIXEL_DISTANCE, patience })],
      best: { metric: PIXEL_DISTANCE },
    };
  },
});
