import { dcganRecipe, dcganStepFlops } from '../dcgan-recipe';
import { trainingWorkload } from './training';

const batchSize = 64;
const filters = 64;

export const dcgan28 = trainingWorkload({
  name: 'dcgan-28',
  about: `DCGAN step (D, then G), 28×28×1, batch ${batchSize}, ${filters} and ${2 * filters} filters`,
  flops: dcganStepFlops(batchSize, filters),
  image: { height: 28, width: 28, channels: 1 },
  batchSize,
  peer: {
    script: 'dcgan.py',
    args: ['bench', '--batch', `${batchSize}`, '--filters', `${filters}`],
  },
  variant: (random) => dcganRecipe({ filters }, random),
});
