import { latentGame } from '@ganloom/games';
import { nonSaturating } from '@ganloom/losses';
import { dcganDiscriminator, dcganGenerator } from '@ganloom/models';
import { adam } from '@ganloom/optimizers';
import { peerOf, trainingWorkload } from './training';

const image = { height: 64, width: 64, channels: 3 };

export const dcgan64 = trainingWorkload({
  name: 'dcgan-64',
  about: 'DCGAN step (D, then G), 64×64×3, batch 16, 64 to 512 filters',
  image,
  batchSize: 16,
  peer: peerOf('dcgan-64'),
  variant: (random) => ({
    name: 'dcgan-64',
    game: latentGame({
      generator: dcganGenerator({ image, filters: 64, random: random.fork('generator') }),
      discriminator: dcganDiscriminator({
        image,
        filters: 64,
        random: random.fork('discriminator'),
      }),
    }),
    loss: nonSaturating(),
    optimizers: { generator: adam(), discriminator: adam() },
  }),
});
