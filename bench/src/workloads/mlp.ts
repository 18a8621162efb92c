import { latentGame } from '@ganloom/games';
import { nonSaturating } from '@ganloom/losses';
import { discriminatorOf, generatorOf, maxoutUnits, mlp as mlpArchitecture } from '@ganloom/models';
import { adam } from '@ganloom/optimizers';
import { peerOf, trainingWorkload } from './training';

// Pictures of one pixel: the batches of all workloads are pictures.
const image = { height: 1, width: 1, channels: 2 };
const architecture = mlpArchitecture({
  shape: [1, 1, 2],
  latentSize: 2,
  generator: { widths: [400, 400, 400, 400], batchNorm: true, output: 'linear' },
  discriminator: { widths: [200, 200, 200], units: maxoutUnits({ pieces: 5 }) },
});

export const mlp = trainingWorkload({
  name: 'mlp',
  about: 'MLP step (D, then G) on points: G 4×400 with batch norm, D 3×200 maxout of 5, batch 100',
  image,
  batchSize: 100,
  peer: peerOf('mlp'),
  variant: (random) => ({
    name: 'mlp',
    game: latentGame({
      generator: generatorOf(architecture, { random: random.fork('generator') }),
      discriminator: discriminatorOf(architecture, { random: random.fork('discriminator') }),
    }),
    loss: nonSaturating(),
    optimizers: { generator: adam(), discriminator: adam() },
  }),
});
