import { latentGame } from '@ganloom/games';
import { nonSaturating } from '@ganloom/losses';
import { maxoutUnits, mlpDiscriminator, mlpGenerator } from '@ganloom/models';
import { adam } from '@ganloom/optimizers';
import { peerOf, trainingWorkload } from './training';

const image = { height: 1, width: 1, channels: 2 };

export const mlp = trainingWorkload({
  name: 'mlp',
  about: 'MLP step (D, then G) on points: G 4×400 with batch norm, D 3×200 maxout of 5, batch 100',
  image,
  batchSize: 100,
  peer: peerOf('mlp'),
  variant: (random) => ({
    name: 'mlp',
    game: latentGame({
      generator: mlpGenerator({
        image,
        latentSize: 2,
        widths: [400, 400, 400, 400],
        batchNorm: true,
        output: 'linear',
        random: random.fork('generator'),
      }),
      discriminator: mlpDiscriminator({
        image,
        widths: [200, 200, 200],
        units: maxoutUnits({ pieces: 5 }),
        random: random.fork('discriminator'),
      }),
    }),
    loss: nonSaturating(),
    optimizers: { generator: adam(), discriminator: adam() },
  }),
});
