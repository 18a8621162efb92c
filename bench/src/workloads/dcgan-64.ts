import { latentGame } from '@ganloom/games';
import { nonSaturating } from '@ganloom/losses';
import { dcgan, discriminatorOf, generatorOf } from '@ganloom/models';
import { adam } from '@ganloom/optimizers';
import { peerOf, trainingWorkload } from './training';

const image = { height: 64, width: 64, channels: 3 };
const architecture = dcgan({ image, filters: 64 });

export const dcgan64 = trainingWorkload({
  name: 'dcgan-64',
  about: 'DCGAN step (D, then G), 64×64×3, batch 16, 64 to 512 filters',
  image,
  batchSize: 16,
  peer: peerOf('dcgan-64'),
  variant: (random) => ({
    name: 'dcgan-64',
    game: latentGame({
      generator: generatorOf(architecture, { random: random.fork('generator') }),
      discriminator: discriminatorOf(architecture, { random: random.fork('discriminator') }),
    }),
    loss: nonSaturating(),
    optimizers: { generator: adam(), discriminator: adam() },
  }),
});
