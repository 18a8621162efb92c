import { type ImageShape, imageShapeOf, type RandomStream, type Variant } from '@ganloom/core';
import { choice, dataset, defineRecipe, integer } from '@ganloom/recipes';
import { version } from '../package.json';
import { bidirectionalGan } from './bidirectional-gan';
import { fisherGan } from './fisher-gan';
import { quietGan } from './quiet-gan';
import { softmaxGan } from './softmax-gan';

/** Whatever the samples are: the trainer does not look into them, and neither does this recipe. */
type AnyVariant = (image: ImageShape, random: RandomStream) => Variant;

export const variants: Readonly<Record<string, AnyVariant>> = {
  'quiet-gan': quietGan,
  'softmax-gan': softmaxGan,
  'fisher-gan': fisherGan,
  'bidirectional-gan': bidirectionalGan,
};

/** GAN variants that are one file each. */
export const recipe = defineRecipe({
  name: 'variants',
  about: 'Trains GAN variants that are one file each.',
  version,
  settings: {
    variant: choice('quiet-gan', 'which', Object.keys(variants)),
    dataset: dataset('mnist', 'pictures to learn from', 'pictures'),
    // About two minutes on two cores.
    steps: integer(2000, 'generator updates'),
  },
  defaults: { batch: 32, ema: 0.995, sampleEvery: 250, logEvery: 10, checkpointEvery: 500 },
  data: (settings) => ({ kind: 'pictures', dataset: settings.dataset }),
  steps: (settings) => settings.steps,
  plan: ({ settings, data, random }) => variants[settings.variant]!(imageShapeOf(data), random),
});
