import type {
  Game,
  Optimizer,
  RandomStream,
  SampleLoss,
  Schedule,
  Term,
  Variant,
} from '@ganloom/core';
import { augmented, latentGame, packed } from '@ganloom/games';
import {
  gradientPenalty,
  hinge,
  leastSquares,
  minibatchDiscriminationLayer,
  minibatchStandardDeviationLayer,
  nonSaturating,
  r1,
  r3gan,
  relativisticPairing,
  wasserstein,
} from '@ganloom/losses';
import {
  type Architecture,
  type DiscriminatorChanges,
  discriminatorOf,
  generatorOf,
  glorotStddev,
  initialize,
  type Normalize,
  spectrallyNormalized,
  unnormalized,
} from '@ganloom/models';
import { accumulateGradients, adam, clipGradients, exponentialDecay } from '@ganloom/optimizers';
import {
  adaptive,
  type Augmentation,
  brightness,
  contrast,
  diffAugment,
  instanceNoise,
  translation,
} from '@ganloom/augmentation';
import { learningRates } from '@ganloom/recipes';
import type * as tf from '@tensorflow/tfjs';
import type { Hyperparameters } from './hyperparameters';
import type { Target } from './target';

/** A way to train a GAN. */
export interface Method {
  /** Where the method wants other settings than the target; it may look at those that are given. */
  readonly defaults?: (
    target: Hyperparameters,
    given: Partial<Hyperparameters>,
  ) => Partial<Hyperparameters>;
  /** Whether it says nothing to points, which are no pictures. */
  readonly onlyPictures?: boolean;
  /** The whole game on a target; `random` is for the first weights. */
  make(target: Target, settings: Hyperparameters, random: RandomStream): Variant<tf.Tensor>;
}

type Optimizers = Required<Variant['optimizers']>;

/** What a method does differently from the plain GAN. */
export interface Changes extends DiscriminatorChanges {
  /** Takes the place of the architecture's first weights. */
  readonly initialize?: Architecture['initialize'];
  /** Takes the place of the generator's batch normalizations. */
  readonly normalizeGenerator?: Normalize;
  /** Default: non-saturating. */
  readonly loss?: SampleLoss;
  readonly terms?: readonly Term<tf.Tensor>[];
  /** Layers between the discriminator's features `[batch, n]` and its logit. Default: none. */
  readonly head?: (features: tf.SymbolicTensor) => tf.SymbolicTensor;
  /** Another game of the same networks. */
  readonly game?: (game: Game<tf.Tensor>) => Game<tf.Tensor>;
  readonly optimizers?: Optimizers;
  /** Goes around both optimizers. */
  readonly optimizer?: (optimizer: Optimizer) => Optimizer;
  readonly discriminatorSteps?: number;
  readonly unrolledSteps?: number;
}

/** What `--method` names. */
export const methods: Readonly<Record<string, Method>> = {
  gan: plainBut(() => ({})),
  'least-squares': plainBut(() => ({ loss: leastSquares() })),
  hinge: plainBut(() => ({ loss: hinge() })),
  relativistic: plainBut(() => ({ loss: relativisticPairing() })),
  // Alone, the layer lets D win so early that G learns less than in the plain GAN.
  'minibatch-discrimination': plainBut((settings) => ({
    ...withR1(settings),
    head: minibatchDiscrimination,
  })),
  'minibatch-stddev': plainBut(() => ({
    head: (features) =>
      minibatchStandardDeviationLayer({ name: 'deviation' }).apply(features) as tf.SymbolicTensor,
  })),
  'pacgan-2': pacgan(2),
  'pacgan-4': pacgan(4),
  // As many steps as Metz et al. 2016 (arXiv 1611.02163) unroll for the ring.
  unrolled: plainBut(() => ({ unrolledSteps: 5 })),
  'spectral-norm': plainBut(() => ({
    loss: hinge(),
    normalize: unnormalized,
    constrain: spectrallyNormalized,
  })),
  'instance-noise': plainBut(() => ({
    game: (game) => augmented(game, instanceNoise({ stddev: 0.1 })),
  })),
  'diff-augment': withAugmentation(() => diffAugment()),
  'adaptive-augment': withAugmentation(({ batch, steps }) =>
    adaptive({
      augmentations: [brightness(), contrast(), translation()],
      // p can go from 0 to 1 in a tenth of the run.
      examples: Math.ceil((steps * batch) / 10),
    }),
  ),
  'clip-gradients': plainBut(() => ({
    optimizer: (optimizer) => clipGradients(optimizer, { norm: 1 }),
  })),
  // Half as many updates, of gradients of twice as many examples.
  'accumulate-gradients': plainBut((settings) => ({
    optimizers: adams({ ...settings, steps: Math.ceil(settings.steps / 2) }),
    optimizer: (optimizer) => accumulateGradients(optimizer, { calls: 2 }),
  })),
  ttur: plainBut(
    () => ({}),
    (target, { learningRate = target.learningRate }) => ({
      discriminatorLearningRate: 4 * learningRate,
    }),
  ),
  // Settings of Gulrajani et al. 2017 (arXiv 1704.00028), algorithm 1, but for λ on points: with 10
  // the critic's loss stays about 0, and the generator does not find the ring.
  'wgan-gp': plainBut(
    (settings) => ({
      loss: wasserstein(),
      terms: [
        gradientPenalty({
          weight: fallingGamma(settings),
          every: settings.penaltyEvery,
        }) as Term<tf.Tensor>,
      ],
      normalize: unnormalized,
      discriminatorSteps: 5,
    }),
    (target, { gamma = 10 * target.gamma }) => ({
      beta1: 0,
      beta2: 0.9,
      gamma,
      gammaEnd: gamma,
      penaltyEvery: 1,
    }),
  ),
  r1: plainBut(withR1),
  // As Huang et al. 2024 (arXiv 2501.05441) train, but that penalties are lazy by default. From
  // first weights of 0.02, networks without normalization need several times as many steps.
  r3gan: plainBut(
    (settings, { architecture }) => ({
      ...(r3gan({ gamma: fallingGamma(settings), every: settings.penaltyEvery }) as Pick<
        Changes,
        'loss' | 'terms'
      >),
      normalize: unnormalized,
      initialize: (model, stream) => initialize(model, stream, { kernelStddev: glorotStddev }),
      // DCGAN's generator keeps its batch normalization; without, it is not measured.
      ...(architecture.name !== 'dcgan' && { normalizeGenerator: unnormalized }),
    }),
    () => ({ beta1: 0, beta2: 0.99, ema: 0.999 }),
  ),
};

function withR1(settings: Hyperparameters): Changes {
  return {
    terms: [r1({ gamma: fallingGamma(settings), every: settings.penaltyEvery }) as Term<tf.Tensor>],
    normalize: unnormalized,
  };
}

/** At first D must not be steep, so that G finds all modes; in the end it may be, so that they are sharp. */
function fallingGamma({ gamma, gammaEnd, steps }: Hyperparameters): Schedule {
  return exponentialDecay({ from: gamma, rate: gammaEnd / gamma, updates: steps });
}

function pacgan(degree: number): Method {
  return plainBut(
    () => ({}),
    () => ({ packing: degree }),
  );
}

function withAugmentation(make: (settings: Hyperparameters) => Augmentation): Method {
  return {
    ...plainBut((settings) => ({ game: (game) => augmented(game, make(settings)) })),
    onlyPictures: true,
  };
}

function minibatchDiscrimination(features: tf.SymbolicTensor): tf.SymbolicTensor {
  // The size of the paper's MNIST experiments.
  const layer = minibatchDiscriminationLayer({ name: 'others', kernels: 50, dimensions: 5 });
  return layer.apply(features) as tf.SymbolicTensor;
}

/** The plain GAN of the target's networks, with a few changes, which are made anew for each run. */
export function plainBut(
  changes: (settings: Hyperparameters, target: Target) => Changes,
  defaults: NonNullable<Method['defaults']> = () => ({}),
): Method {
  return {
    defaults,
    make: (target, settings, random) =>
      plainGan(target, settings, random, changes(settings, target)),
  };
}

function plainGan(
  { architecture, real }: Target,
  settings: Hyperparameters,
  random: RandomStream,
  changes: Changes,
): Variant<tf.Tensor> {
  const { loss = nonSaturating(), normalizeGenerator } = changes;
  const networks = {
    ...architecture,
    ...(changes.initialize && { initialize: changes.initialize }),
  };
  const plain = latentGame({
    generator: generatorOf(networks, {
      name: 'generator',
      random: random.fork('generator'),
      ...(normalizeGenerator && { normalize: normalizeGenerator }),
    }),
    discriminator: discriminatorOf(networks, {
      ...changes,
      name: 'discriminator',
      random: random.fork('discriminator'),
      degree: settings.packing,
    }),
    data: real,
  });
  const game = settings.packing > 1 ? packed(plain, settings.packing) : plain;
  const { optimizer = (one) => one } = changes;
  const optimizers = changes.optimizers ?? adams(settings, changes.discriminatorSteps);
  return {
    name: 'mode-coverage',
    game: changes.game?.(game) ?? game,
    loss,
    terms: changes.terms ?? [],
    optimizers: {
      generator: optimizer(optimizers.generator),
      discriminator: optimizer(optimizers.discriminator),
    },
    ...(changes.discriminatorSteps && { discriminatorSteps: changes.discriminatorSteps }),
    ...(changes.unrolledSteps && { unrolledSteps: changes.unrolledSteps }),
  };
}

function adams(settings: Hyperparameters, discriminatorSteps?: number): Optimizers {
  const { beta1, beta2 } = settings;
  const rates = learningRates(settings, discriminatorSteps);
  return {
    generator: adam({ learningRate: rates.generator, beta1, beta2 }),
    discriminator: adam({ learningRate: rates.discriminator, beta1, beta2 }),
  };
}
