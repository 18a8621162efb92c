import {
  type AdversarialLoss,
  type Batch,
  type Game,
  latentGame,
  type RandomStream,
  type Term,
  type Variant,
} from '@ganloom/core';
import { hinge, leastSquares, nonSaturating, relativisticPairing } from '@ganloom/losses';
import { initialise } from '@ganloom/models';
import { adam } from '@ganloom/training';
import * as tf from '@tensorflow/tfjs';
import type { Hyperparameters } from './hyperparameters';
import type { Target } from './target';

/** A way to train a GAN. */
export interface Method {
  /** Where the method wants other settings than the target. */
  readonly defaults?: Partial<Hyperparameters>;
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
  /** Layers between the discriminator's features `[batch, n]` and its logit. Default: none. */
  readonly head?: (features: tf.SymbolicTensor) => tf.SymbolicTensor;
  /** Another game of the same networks. */
  readonly game?: (game: Game<Batch, tf.Tensor>) => Game<Batch, tf.Tensor>;
  readonly optimizers?: Variant['optimizers'];
  readonly discriminatorSteps?: number;
}

/** What `--method` names. */
export const methods: Readonly<Record<string, Method>> = {
  gan: plainBut(() => ({})),
  'least-squares': plainBut(() => ({ loss: leastSquares() })),
  hinge: plainBut(() => ({ loss: hinge() })),
  relativistic: plainBut(() => ({ loss: relativisticPairing() })),
};

/** The plain GAN of the target's networks, with a few changes, which are made anew for each run. */
export function plainBut(
  changes: (settings: Hyperparameters) => Changes,
  defaults: Partial<Hyperparameters> = {},
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
  const { packed = 1, head = (x) => x, loss = nonSaturating() } = changes;
  const latent = tf.input({ shape: [latentSize], name: 'latent' });
  const generator = tf.model({
    name: 'generator',
    inputs: latent,
    outputs: architecture.generator(latent),
  });
  const { height, width, channels } = image;
  const picture = tf.input({ shape: [height, width, packed * channels], name: 'image' });
  const features = head(architecture.discriminator(picture));
  const discriminator = tf.model({
    name: 'discriminator',
    inputs: picture,
    outputs: tf.layers.dense({ name: 'logit', units: 1 }).apply(features) as tf.SymbolicTensor,
  });
  const game = latentGame({
    generator: initialise(generator, random.fork('generator')),
    discriminator: initialise(discriminator, random.fork('discriminator')),
  });
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
  };
}
