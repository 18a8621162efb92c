import {
  type AdversarialLoss,
  type Batch,
  type Game,
  latentGame,
  type RandomStream,
  type Term,
  type Variant,
} from '@ganloom/core';
import {
  gradientPenalty,
  hinge,
  leastSquares,
  nonSaturating,
  r3gan,
  relativisticPairing,
  wasserstein,
} from '@ganloom/losses';
import {
  initialise,
  minibatchDiscriminationLayer,
  minibatchStandardDeviationLayer,
  type Normalise,
  unnormalised,
} from '@ganloom/models';
import { adam, packed } from '@ganloom/training';
import * as tf from '@tensorflow/tfjs';
import type { Hyperparameters } from './hyperparameters';
import type { Target } from './target';

/** A way to train a GAN. */
export interface Method {
  /** Where the method wants other settings than the target. */
  readonly defaults?: (target: Hyperparameters) => Partial<Hyperparameters>;
  /** The whole game on a target; `random` is for the first weights. */
  make(target: Target, settings: Hyperparameters, random: RandomStream): Variant<Batch, tf.Tensor>;
}

/** What a method does differently from the plain GAN. */
export interface Changes {
  /** Default: non-saturating. */
  readonly loss?: AdversarialLoss;
  readonly terms?: readonly Term<Batch, tf.Tensor>[];
  /** Samples that the discriminator judges together, as channels of one picture. Default 1. */
  readonly packed?: number;
  /** In place of the discriminator's batch normalisations, where the target has any. */
  readonly normalise?: Normalise;
  /** Layers between the discriminator's features `[batch, n]` and its logit. Default: none. */
  readonly head?: (features: tf.SymbolicTensor) => tf.SymbolicTensor;
  /** Another game of the same networks. */
  readonly game?: (game: Game<Batch, tf.Tensor>) => Game<Batch, tf.Tensor>;
  readonly optimizers?: Variant['optimizers'];
  readonly discriminatorSteps?: number;
  /** Discriminator steps that the generator looks ahead. Default 0. */
  readonly unrolledSteps?: number;
}

/** What `--method` names. */
export const methods: Readonly<Record<string, Method>> = {
  gan: plainBut(() => ({})),
  'least-squares': plainBut(() => ({ loss: leastSquares() })),
  hinge: plainBut(() => ({ loss: hinge() })),
  relativistic: plainBut(() => ({ loss: relativisticPairing() })),
  'pacgan-2': pacgan(2),
  'pacgan-4': pacgan(4),
  'minibatch-discrimination': plainBut(() => ({
    head: through(minibatchDiscriminationLayer({ kernels: 20 })),
  })),
  'minibatch-stddev': plainBut(() => ({ head: through(minibatchStandardDeviationLayer()) })),
  unrolled: plainBut(() => ({ unrolledSteps: 5 })),
  // Adam and the critic's steps of Gulrajani et al. 2017 (arXiv 1704.00028).
  'wgan-gp': plainBut(
    () => ({
      loss: wasserstein(),
      terms: [gradientPenalty()],
      normalise: unnormalised,
      discriminatorSteps: 5,
    }),
    () => ({ beta1: 0, beta2: 0.9 }),
  ),
  // Adam and the average of Huang et al. 2024 (arXiv 2501.05441).
  r3gan: plainBut(
    () => ({ ...r3gan(), normalise: unnormalised }),
    () => ({ beta1: 0, beta2: 0.99, ema: 0.999 }),
  ),
};

/** As many judgements in a step as the plain GAN has, as in the paper. */
function pacgan(degree: number): Method {
  return plainBut(
    () => ({ packed: degree }),
    ({ batch }) => ({ batch: degree * batch }),
  );
}

function through(layer: tf.layers.Layer): NonNullable<Changes['head']> {
  return (features) => layer.apply(features) as tf.SymbolicTensor;
}

/** The plain GAN of the target's networks, with a few changes, which are made anew for each run. */
export function plainBut(
  changes: (settings: Hyperparameters) => Changes,
  defaults: NonNullable<Method['defaults']> = () => ({}),
): Method {
  return {
    defaults,
    make: (target, settings, random) => plainGan(target, settings, random, changes(settings)),
  };
}

function plainGan(
  { architecture }: Target,
  settings: Hyperparameters,
  random: RandomStream,
  changes: Changes,
): Variant<Batch, tf.Tensor> {
  const { latentSize, image } = architecture;
  const { packed: degree = 1, head = (x) => x, loss = nonSaturating() } = changes;
  const latent = tf.input({ shape: [latentSize], name: 'latent' });
  const generator = tf.model({
    name: 'generator',
    inputs: latent,
    outputs: architecture.generator(latent),
  });
  const { height, width, channels } = image;
  const picture = tf.input({ shape: [height, width, degree * channels], name: 'image' });
  const features = head(architecture.discriminator(picture, changes.normalise));
  const discriminator = tf.model({
    name: 'discriminator',
    inputs: picture,
    outputs: tf.layers.dense({ name: 'logit', units: 1 }).apply(features) as tf.SymbolicTensor,
  });
  const alone = latentGame({
    generator: initialise(generator, random.fork('generator')),
    discriminator: initialise(discriminator, random.fork('discriminator')),
  });
  const game = degree > 1 ? packed(alone, degree) : alone;
  const { learningRate, discriminatorLearningRate, beta1, beta2 } = settings;
  return {
    name: 'mode-coverage',
    game: changes.game?.(game) ?? game,
    loss,
    terms: changes.terms ?? [],
    optimizers: changes.optimizers ?? {
      generator: adam({ learningRate, beta1, beta2 }),
      discriminator: adam({ learningRate: discriminatorLearningRate, beta1, beta2 }),
    },
    ...(changes.discriminatorSteps && { discriminatorSteps: changes.discriminatorSteps }),
    ...(changes.unrolledSteps && { unrolledSteps: changes.unrolledSteps }),
  };
}
