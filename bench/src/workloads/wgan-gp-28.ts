import { latentGame } from '@ganloom/games';
import { gradientPenalty, wasserstein } from '@ganloom/losses';
import { dcgan, discriminatorOf, generatorOf, unnormalized } from '@ganloom/models';
import { adam } from '@ganloom/optimizers';
import { peerOf, trainingWorkload } from './training';

const image = { height: 28, width: 28, channels: 1 };
const architecture = dcgan({ image, filters: 64 });

export const wganGp28 = trainingWorkload({
  name: 'wgan-gp-28',
  about: 'WGAN-GP step (critic, then G), networks of dcgan-28, no normalization in the critic',
  image,
  batchSize: 64,
  peer: peerOf('wgan-gp-28'),
  variant: (random) => ({
    name: 'wgan-gp-28',
    game: latentGame({
      generator: generatorOf(architecture, { random: random.fork('generator') }),
      discriminator: discriminatorOf(architecture, {
        normalize: unnormalized,
        random: random.fork('discriminator'),
      }),
    }),
    loss: wasserstein(),
    terms: [gradientPenalty()],
    optimizers: { generator: adam(), discriminator: adam() },
  }),
});
