import { type Dataset, RandomStream, type Term, type Variant } from '@ganloom/core';
import { latentGame } from '@ganloom/games';
import { gradientPenalty, nonSaturating, r1, wasserstein } from '@ganloom/losses';
import { dcgan, discriminatorOf, generatorOf, type Normalize, unnormalized } from '@ganloom/models';
import { adam } from '@ganloom/optimizers';
import { train } from '@ganloom/training';
import * as tf from '@tensorflow/tfjs';

const IMAGE = { height: 8, width: 8, channels: 1 };
const STEPS = 5;

interface Training extends Pick<Variant, 'loss' | 'discriminatorSteps'> {
  readonly normalize?: Normalize;
  readonly terms?: readonly Term[];
}

const trainings: Readonly<Record<string, () => Training>> = {
  DCGAN: () => ({ loss: nonSaturating() }),
  'DCGAN with R1': () => ({ loss: nonSaturating(), terms: [r1()] }),
  'WGAN-GP': () => ({
    loss: wasserstein(),
    terms: [gradientPenalty()],
    normalize: unnormalized,
    discriminatorSteps: 2,
  }),
};

/** All of {@link trainedWeights}. */
export const trainingNames = Object.keys(trainings);

/** Weights by the names of their variables. */
export type Weights = Record<string, number[]>;

/** The weights of a tiny GAN after five steps on the backend that is set, the same in every run. */
export async function trainedWeights(name: string): Promise<Weights> {
  const random = RandomStream.fromSeed(7);
  const { normalize, ...objective } = trainings[name]!();
  const architecture = dcgan({ image: IMAGE, latentSize: 8, filters: 8, smallest: 4 });
  const changes = normalize && { normalize };
  const generator = generatorOf(architecture, { random: random.fork('generator') });
  const discriminator = discriminatorOf(architecture, {
    ...changes,
    random: random.fork('discriminator'),
  });
  const optimizers = {
    generator: adam({ learningRate: 1e-3, beta1: 0.5 }),
    discriminator: adam({ learningRate: 1e-3, beta1: 0.5 }),
  };
  const variant = {
    name,
    game: latentGame({ generator, discriminator }),
    optimizers,
    ...objective,
  };
  const options = { steps: STEPS, batchSize: 8, random: random.fork('train') };
  for await (const _ of train(variant as Variant<tf.Tensor>, blobs(random.fork('data')), options));
  const weights: Weights = {};
  for (const [side, network] of Object.entries({ generator, discriminator })) {
    for (const weight of network.weights) {
      weights[`${side} ${weight.originalName}`] = [...(await weight.read().data())];
    }
    network.dispose();
  }
  for (const optimizer of Object.values(optimizers)) optimizer.dispose();
  return weights;
}

/** Pictures of one bright pixel in the dark, at random, with its neighborhood. */
function blobs(random: RandomStream): Dataset {
  const size = 40;
  const places = random.uniform([size, 2], 1, 6);
  const at = [...places.dataSync()];
  places.dispose();
  return {
    name: 'blobs',
    size,
    shapes: { images: [8, 8, 1] },
    async batch(indices) {
      const chosen = Array.from(indices);
      const pixels = chosen.flatMap((i) =>
        Array.from({ length: 64 }, (_, k) => {
          const [y, x] = [Math.floor(k / 8) - at[2 * i]!, (k % 8) - at[2 * i + 1]!];
          return Math.max(-1, 1 - (x * x + y * y) / 2);
        }),
      );
      return { images: tf.tensor4d(pixels, [chosen.length, 8, 8, 1]) };
    },
  };
}
