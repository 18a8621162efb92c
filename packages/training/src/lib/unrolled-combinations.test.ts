import {
  type AdversarialLoss,
  type Batch,
  type Game,
  RandomStream,
  type Variant,
} from '@ganloom/core';
import { installGradients } from '@ganloom/gradients';
import { augmented, latentGame, packed } from '@ganloom/games';
import {
  began,
  consistency,
  dragan,
  ebgan,
  fGan,
  gradientPenalty,
  hinge,
  historicalAveraging,
  klDivergence,
  leastSquares,
  minibatchDiscriminationLayer,
  minibatchStandardDeviationLayer,
  minimax,
  nonSaturating,
  r1,
  r2,
  r3gan,
  relativisticAverage,
  relativisticPairing,
  wasserstein,
} from '@ganloom/losses';
import { spectrallyNormalized } from '@ganloom/models';
import { withSeededWeights } from '@ganloom/tiny-gan';
import { diffAugment, instanceNoise } from '@ganloom/augmentation';
import { linearDecay } from '@ganloom/optimizers';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Slopes, slopesOfDiscriminator, slopesOfGenerator } from '../../test/played';

beforeAll(async () => {
  await tf.setBackend('cpu');
  installGradients();
});

const { activation, batchNormalization, conv2d, dense, flatten, reshape } = tf.layers;

type Tiny = Omit<Variant<tf.Tensor>, 'optimizers'>;

function network(seed: number, layers: tf.layers.Layer[]): tf.LayersModel {
  const model = withSeededWeights(tf.sequential({ layers }), RandomStream.fromSeed(seed));
  // Large enough to bend what the updates do.
  tf.tidy(() => model.setWeights(model.getWeights().map((weight) => tf.mul(weight, 1.5))));
  return model;
}

/** A game of 2×2 pixels and two channels; `inner` is what the critic has before its logit. */
function game(
  inner: () => tf.layers.Layer[] = () => [
    flatten(),
    dense({ units: 5 }),
    activation({ activation: 'tanh' }),
  ],
  degree = 1,
) {
  const generator = network(1, [
    dense({ units: 4, inputShape: [2], activation: 'tanh' }),
    dense({ units: 8 }),
    reshape({ targetShape: [2, 2, 2] }),
  ]);
  const shape = [2, 2, 2 * degree];
  const input = reshape({ inputShape: shape, targetShape: shape });
  const discriminator = network(2, [input, ...inner(), dense({ units: 1 })]);
  return latentGame({ generator, discriminator });
}

const tiny = (more: Partial<Tiny> = {}): Tiny => ({
  name: 'tiny',
  game: more.game ?? game(),
  loss: nonSaturating(),
  ...more,
});

const RATE = 0.1;

function checked(slopes: (batch: Batch) => Slopes, tolerance: number): void {
  const images = RandomStream.fromSeed(9).normal([4, 2, 2, 2]) as tf.Tensor4D;
  const { numTensors } = tf.memory();
  const { descended, measured } = slopes({ images });
  expect(tf.memory().numTensors).toBe(numTensors);
  images.dispose();
  expect(Math.abs(measured)).toBeGreaterThan(1e-3);
  // Differences of losses near 1 in float32, over 0.01.
  expect(Math.abs(descended - measured)).toBeLessThan(tolerance * Math.abs(measured) + 2e-5);
}

/** The gradient of G through updates in thought, against updates that are really made. */
function checkUnrolled(make: () => Tiny, unrolledSteps: number, tolerance = 1e-3): void {
  checked(
    (batch) => slopesOfGenerator(() => ({ ...make(), unrolledSteps }), batch, RATE),
    tolerance,
  );
}

describe.each([
  ['no penalty', {}],
  ['R1', { terms: [r1({ gamma: 2 })] }],
  ['lazy R1', { terms: [r1({ gamma: 2, every: 2 })] }],
  ['lazy R1, simultaneously', { terms: [r1({ gamma: 2, every: 2 })], updates: 'simultaneous' }],
  ['lazy R1, two updates a step', { terms: [r1({ gamma: 2, every: 3 })], discriminatorSteps: 2 }],
  ['R1 of a schedule', { terms: [r1({ gamma: linearDecay({ from: 3, to: 0, updates: 3 }) })] }],
  ['R2', { terms: [r2({ gamma: 2 })] }],
  ['R3GAN', r3gan({ gamma: 2 })],
  ['a gradient penalty', { terms: [gradientPenalty({ weight: 2 })] }],
  ['DRAGAN', { terms: [dragan({ weight: 2 })] }],
] as [string, Partial<Tiny>][])('with %s', (_, learning) => {
  it.each([1, 2, 3])('%i updates are foreseen as they are played', (k) =>
    checkUnrolled(() => tiny(learning), k),
  );
});

describe('with historical averaging', () => {
  const make = (): Tiny => {
    const variant = tiny();
    const { models } = variant.game.discriminator;
    const averaging = historicalAveraging({ player: 'discriminator', models, weight: 2 });
    // After so many updates the average, a constant in the gradient, rests.
    tf.tidy(() => averaging.state!['count']!.assign(tf.scalar(1e6)));
    return { ...variant, terms: [averaging] };
  };
  it.each([1, 2, 3])('%i updates are foreseen as they are played', (k) => checkUnrolled(make, k));
});

it.each([
  minimax,
  leastSquares,
  hinge,
  wasserstein,
  relativisticPairing,
  relativisticAverage,
  ebgan,
  // Its balance, a constant in the gradient, rests.
  () => began({ balanceRate: 0, initialBalance: 0.5 }),
  () => fGan({ divergence: klDivergence }),
] as (() => AdversarialLoss)[])('two updates are foreseen as they are played: loss %#', (loss) =>
  checkUnrolled(() => tiny({ loss: loss() }), 2),
);

type Wrap = (game: Game<tf.Tensor>) => Game<tf.Tensor>;
interface Combination {
  readonly layers: () => tf.layers.Layer[];
  readonly learning: () => Partial<Tiny>;
  readonly degree?: number;
  readonly wrap?: Wrap;
  readonly tolerance?: number;
}

const tanh = () => activation({ activation: 'tanh' });
const conv = (filters: number) => conv2d({ filters, kernelSize: 2, padding: 'same' });

describe.each([
  [
    'convolutions, R1, packs',
    {
      layers: () => [conv(3), tanh(), flatten()],
      learning: () => ({ terms: [r1({ gamma: 2 })] }),
      degree: 2,
    },
  ],
  [
    'batch normalization, augmentation, consistency',
    {
      layers: () => [conv(3), batchNormalization(), tanh(), flatten()],
      learning: () => ({ terms: [consistency({ augment: (x) => tf.reverse(x, 2), weight: 1 })] }),
      wrap: (inner) => augmented(inner, diffAugment()),
    },
  ],
  [
    'spectral norms, a gradient penalty, augmented packs',
    {
      layers: () => [spectrallyNormalized(conv(3)), tanh(), flatten()],
      learning: () => ({ loss: wasserstein(), terms: [gradientPenalty({ weight: 2 })] }),
      degree: 2,
      wrap: (inner) => augmented(inner, diffAugment()),
      // Unrolled steps take u and v for constants.
      tolerance: 0.02,
    },
  ],
  [
    'log softmax, R1',
    {
      // Its type does not list it.
      layers: () => [
        flatten(),
        dense({ units: 5 }),
        activation({ activation: 'logSoftmax' as 'softmax' }),
      ],
      learning: () => ({ terms: [r1({ gamma: 2 })] }),
    },
  ],
  [
    'minibatch discrimination, R3GAN, packs',
    {
      layers: () => [
        flatten(),
        dense({ units: 5 }),
        tanh(),
        minibatchDiscriminationLayer({ name: 'others', kernels: 2, dimensions: 2 }),
      ],
      learning: () => r3gan({ gamma: 2 }),
      degree: 2,
    },
  ],
  [
    'minibatch standard deviation, DRAGAN, noise',
    {
      // Of two examples it is an absolute value, which has kinks.
      layers: () => [conv(3), tanh(), minibatchStandardDeviationLayer({ groupSize: 4 }), flatten()],
      learning: () => ({ loss: hinge(), terms: [dragan({ weight: 2 })] }),
      wrap: (inner) =>
        augmented(inner, instanceNoise({ stddev: linearDecay({ from: 0.2, updates: 4 }) })),
    },
  ],
] as [string, Combination][])(
  '%s',
  (_, { layers, learning, degree = 1, wrap = (x) => x, tolerance }) => {
    const make = (): Tiny => {
      const plain = game(layers, degree);
      // Spectral norms' first estimates are far off, and turn.
      tf.tidy(() => {
        const anything = tf.ones([2, 2, 2, 2 * degree]);
        for (let i = 0; i < 60; i++) {
          plain.discriminator.models['discriminator']!.apply(anything, { training: true });
        }
      });
      return tiny({ game: wrap(degree > 1 ? packed(plain, degree) : plain), ...learning() });
    };

    it.each([1, 2])('%i updates are foreseen as they are played', (k) =>
      checkUnrolled(make, k, tolerance),
    );

    it('the discriminator descends its objective', () =>
      checked((batch) => slopesOfDiscriminator(make, batch), 2e-3));
  },
);
