import type { Batch, Game } from '@ganloom/core';
import { squaredError } from '@ganloom/losses';
import { srResNet } from '@ganloom/models';
import { adam } from '@ganloom/optimizers';
import type * as tf from '@tensorflow/tfjs';
import { peerOf, trainingWorkload } from './training';

/** Pictures with what is left of them, from which the generator makes them again. */
function enlarging(generator: tf.LayersModel): Game {
  const enlarge = ({ low }: Batch, training: boolean) =>
    generator.apply(low!, { training }) as tf.Tensor4D;
  return {
    name: 'enlarging',
    generator: { models: { generator } },
    discriminator: { models: {} },
    real: ({ images }) => images!,
    fake: (batch) => enlarge(batch, true),
    critique: () => ({}) as never,
  };
}

export const srresnet = trainingWorkload({
  name: 'srresnet',
  about: 'SRResNet step, 24×24 to 96×96, 16 blocks of 64 channels, batch 4, squared error, Adam',
  image: { height: 96, width: 96, channels: 3 },
  batchSize: 4,
  more: (count, random) => ({ low: random.uniform([count, 24, 24, 3]) }),
  peer: peerOf('srresnet'),
  variant: (random) => ({
    name: 'srresnet',
    game: enlarging(srResNet({ scale: 4, random: random.fork('generator') })),
    terms: [squaredError()],
    optimizers: { generator: adam({ learningRate: 1e-4, beta1: 0.9 }) },
  }),
});
