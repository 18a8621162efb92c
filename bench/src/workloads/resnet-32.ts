import { latentGame } from '@ganloom/games';
import { hinge } from '@ganloom/losses';
import { discriminatorOf, generatorOf, resnet, spectrallyNormalized } from '@ganloom/models';
import { adam } from '@ganloom/optimizers';
import { peerOf, trainingWorkload } from './training';

const image = { height: 32, width: 32, channels: 3 };
const architecture = resnet({ image });
const rule = () => adam({ beta1: 0, beta2: 0.9 });

export const resnet32 = trainingWorkload({
  name: 'resnet-32',
  about: 'SNGAN step (D, then G), residual networks of 256 and 128 filters, 32×32×3, batch 32',
  image,
  batchSize: 32,
  peer: peerOf('resnet-32'),
  variant: (random) => ({
    name: 'resnet-32',
    game: latentGame({
      generator: generatorOf(architecture, { random: random.fork('generator') }),
      discriminator: discriminatorOf(architecture, {
        constrain: spectrallyNormalized,
        random: random.fork('discriminator'),
      }),
    }),
    loss: hinge(),
    optimizers: { generator: rule(), discriminator: rule() },
  }),
});
