import {
  type AdversarialLoss,
  type Batch,
  RandomStream,
  UsageError,
  type Variant,
} from '@ganloom/core';
import { latentGame } from '@ganloom/games';
import { wasserstein } from '@ganloom/losses';
import {
  disposeVariant,
  softplusLoss,
  tinyData,
  tinyVariant,
  weightsIn,
  weightsOf,
} from '@ganloom/tiny-gan';
import { sgd } from '@ganloom/optimizers';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { train, type TrainOptions } from './train';
import { trainingState } from './training-state';

beforeAll(() => tf.setBackend('cpu'));

type Tiny = Variant<tf.Tensor>;
type Point = readonly [theta: number, psi: number];

const RATE = 0.5;
const START: Point = [1, 0.75];

async function run(variant: Tiny, data = tinyData(), options: Partial<TrainOptions> = {}) {
  const all = { steps: 4, batchSize: 8, random: RandomStream.fromSeed(5), ...options };
  const played: Point[] = [];
  for await (const { type } of train(variant, data, all)) {
    if (type === 'step') played.push(pointOf(variant));
  }
  return played;
}

const pointOf = ({ game }: Tiny): Point => {
  const { generator, discriminator } = game;
  const [theta] = weightsIn(generator.models['generator']!);
  const [psi] = weightsIn(discriminator.models['discriminator']!);
  return [theta!, psi!];
};

/**
 * The Dirac-GAN of Mescheder et al. 2018 (arXiv 1801.04406): data at 0, G is the number θ,
 * D(x) = ψ·x, and both descend plainly.
 */
function dirac(loss: AdversarialLoss, more: Partial<Tiny> = {}): Tiny {
  const { dense, flatten, reshape } = tf.layers;
  const generator = tf.sequential({
    layers: [
      dense({ units: 1, useBias: false, inputShape: [1] }),
      reshape({ targetShape: [1, 1, 1] }),
    ],
  });
  const discriminator = tf.sequential({
    layers: [flatten({ inputShape: [1, 1, 1] }), dense({ units: 1, useBias: false })],
  });
  tf.tidy(() => {
    generator.setWeights([tf.tensor2d([[START[0]]])]);
    discriminator.setWeights([tf.tensor2d([[START[1]]])]);
  });
  const fake = ({ images }: Batch) => generator.apply(tf.ones([images!.shape[0]!, 1])) as tf.Tensor;
  return {
    name: 'dirac',
    game: { ...latentGame({ generator, discriminator }), fake },
    loss,
    optimizers: {
      generator: sgd({ learningRate: RATE }),
      discriminator: sgd({ learningRate: RATE }),
    },
    ...more,
  };
}

const atZero = () => ({
  name: 'zero',
  size: 8,
  shapes: { images: [1, 1, 1] },
  asked: [],
  batch: (indices: ArrayLike<number>) =>
    Promise.resolve({ images: tf.zeros<tf.Rank.R4>([indices.length, 1, 1, 1]) }),
});

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** ∂L_G/∂θ and ∂L_D/∂ψ, by hand. */
const slopes = {
  // L_D = D(θ) − D(0),  L_G = −D(θ)
  wasserstein: {
    loss: wasserstein(),
    ofG: ([, psi]: Point) => -psi,
    ofD: ([theta]: Point) => theta,
  },
  // L_D = softplus(−D(0)) + softplus(D(θ)),  L_G = softplus(−D(θ))
  'non-saturating': {
    loss: softplusLoss,
    ofG: ([theta, psi]: Point) => -psi * sigmoid(-psi * theta),
    ofD: ([theta, psi]: Point) => theta * sigmoid(psi * theta),
  },
};

describe.each(Object.entries(slopes))('the Dirac-GAN with the %s loss', (_, { loss, ofG, ofD }) => {
  const learnD = (at: Point): Point => [at[0], at[1] - RATE * ofD(at)];
  const learnG = (at: Point): Point => [at[0] - RATE * ofG(at), at[1]];
  const both = (at: Point): Point => [learnG(at)[0], learnD(at)[1]];

  it.each<[string, Partial<Tiny>, (at: Point) => Point]>([
    ['alternating by default', {}, (at) => learnG(learnD(at))],
    ['alternating', { updates: 'alternating' }, (at) => learnG(learnD(at))],
    ['simultaneous', { updates: 'simultaneous' }, both],
    [
      'simultaneous after two updates of D alone',
      { updates: 'simultaneous', discriminatorSteps: 3 },
      (at) => both(learnD(learnD(at))),
    ],
  ])('%s', async (_name, more, step) => {
    const variant = dirac(loss, more);
    const played = await run(variant, atZero(), { steps: 6 });
    let at = START;
    expect(played).toHaveLength(6);
    for (const [theta, psi] of played) {
      at = step(at);
      expect(theta).toBeCloseTo(at[0], 5);
      expect(psi).toBeCloseTo(at[1], 5);
    }
    disposeVariant(variant);
  });
});

it('foresees, unrolled, from the weights that both sides learn at', async () => {
  const variant = dirac(wasserstein(), { updates: 'simultaneous', unrolledSteps: 2 });
  const played = await run(variant, atZero(), { steps: 3 });
  let [theta, psi] = START;
  for (const [playedTheta, playedPsi] of played) {
    // After two more updates ψ″ = ψ − 2ηθ, so L_G = −(ψ − 2ηθ)θ and its slope is −ψ + 4ηθ.
    [theta, psi] = [theta - RATE * (-psi + 4 * RATE * theta), psi - RATE * theta];
    expect(playedTheta).toBeCloseTo(theta, 5);
    expect(playedPsi).toBeCloseTo(psi, 5);
  }
  disposeVariant(variant);
});

describe('simultaneous updates', () => {
  const simultaneous = (): Tiny => ({ ...tinyVariant(), updates: 'simultaneous' });

  it('report what alternating ones do, in a first step of other weights', async () => {
    const rows = [];
    for (const variant of [tinyVariant(), simultaneous()]) {
      for await (const event of train(variant, tinyData(), {
        steps: 1,
        batchSize: 8,
        random: RandomStream.fromSeed(5),
      })) {
        if (event.type === 'metrics') rows.push({ ...event.losses, ...event.statistics });
      }
      disposeVariant(variant);
    }
    const [alternating, other] = rows;
    expect(Object.keys(other!)).toEqual(Object.keys(alternating!));
    // D's part is the same; G met another D.
    expect(other!['discriminatorGradientNorm']).toBe(alternating!['discriminatorGradientNorm']);
    expect(other!['generatorGradientNorm']).not.toBe(alternating!['generatorGradientNorm']);
  });

  it('leave no tensor behind', async () => {
    const variant = simultaneous();
    await run(variant, tinyData(), { steps: 1 });
    const before = tf.memory().numTensors;
    await run(variant, tinyData(), { steps: 20, log: { every: 3 } });
    expect(tf.memory().numTensors).toBe(before);
    disposeVariant(variant);
  });

  it('end in the same bits for the same seed, and when they are resumed', async () => {
    const [whole, again, resumed, alternating] = [
      ...[simultaneous(), simultaneous(), simultaneous()],
      tinyVariant(),
    ] as const;
    await run(whole, tinyData(), { steps: 7 });
    await run(again, tinyData(), { steps: 7, log: { every: 2 } });
    expect(weightsOf(again)).toEqual(weightsOf(whole));
    await run(alternating, tinyData(), { steps: 7 });
    expect(weightsOf(alternating)).not.toEqual(weightsOf(whole));

    const first = simultaneous();
    await run(first, tinyData(), { steps: 4 });
    trainingState(resumed).restore(4, trainingState(first).tensors(4));
    await run(resumed, tinyData(), { steps: 7, done: { step: 4, seconds: 0 } });
    expect(weightsOf(resumed)).toEqual(weightsOf(whole));
    for (const variant of [whole, again, first, resumed, alternating]) disposeVariant(variant);
  });
});

it('refuses updates of another kind', async () => {
  const variant = { ...tinyVariant(), updates: 'both' } as unknown as Tiny;
  const training = run(variant);
  await expect(training).rejects.toBeInstanceOf(UsageError);
  await expect(training).rejects.toThrow(
    'train: updates must be "alternating" or "simultaneous", got "both" in "tiny"',
  );
  disposeVariant(variant);
});
