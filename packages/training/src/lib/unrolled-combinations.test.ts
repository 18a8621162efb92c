import { type Batch, installGradients, latentGame, RandomStream } from '@ganloom/core';
import {
  dragan,
  historicalAveraging,
  gradientPenalty,
  nonSaturating,
  r1,
  r2,
  r3gan,
} from '@ganloom/losses';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Played, slopes } from '../testing/played';
import { withSeededWeights } from '../testing/tiny';
import { sgd } from './sgd';

beforeAll(async () => {
  await tf.setBackend('cpu');
  installGradients();
});

const { activation, dense, flatten, reshape } = tf.layers;

function network(seed: number, layers: tf.layers.Layer[]): tf.LayersModel {
  const model = withSeededWeights(tf.sequential({ layers }), RandomStream.fromSeed(seed));
  // Large enough to bend what the updates do.
  tf.tidy(() => model.setWeights(model.getWeights().map((weight) => tf.mul(weight, 1.5))));
  return model;
}

type Tiny = Played<Batch, tf.Tensor>;

/** Points of 2×2 pixels and two channels. */
function tiny(more: Partial<Tiny> = {}): Tiny {
  const generator = network(1, [
    dense({ units: 4, inputShape: [2], activation: 'tanh' }),
    dense({ units: 8 }),
    reshape({ targetShape: [2, 2, 2] }),
  ]);
  const discriminator = network(2, [
    flatten({ inputShape: [2, 2, 2] }),
    dense({ units: 5 }),
    activation({ activation: 'tanh' }),
    dense({ units: 1 }),
  ]);
  return {
    name: 'tiny',
    game: latentGame({ generator, discriminator }),
    loss: nonSaturating(),
    optimizers: { discriminator: sgd({ learningRate: 0.1 }) },
    ...more,
  };
}

/** The gradient of G through updates in thought, against updates that are really made. */
function check(make: () => Tiny, unrolledSteps: number): void {
  const batch = { images: RandomStream.fromSeed(9).normal([4, 2, 2, 2]) as tf.Tensor4D };
  const { foreseen, played } = slopes(() => ({ ...make(), unrolledSteps }), batch);
  batch.images.dispose();
  expect(Math.abs(played)).toBeGreaterThan(1e-3);
  // Differences of losses near 1 in float32, over 0.01.
  expect(Math.abs(foreseen - played)).toBeLessThan(1e-3 * Math.abs(played) + 1e-5);
}

describe.each([
  ['no penalty', {}],
  ['R1', { terms: [r1({ gamma: 2 })] }],
  ['R2', { terms: [r2({ gamma: 2 })] }],
  ['R3GAN', r3gan({ gamma: 2 })],
  ['a gradient penalty', { terms: [gradientPenalty({ weight: 2 })] }],
  ['DRAGAN', { terms: [dragan({ weight: 2 })] }],
] as [string, Partial<Tiny>][])('with %s', (_, learning) => {
  it.each([1, 2, 3])('%i updates are foreseen as they are played', (k) =>
    check(() => tiny(learning), k),
  );
});

describe('with historical averaging', () => {
  const make = (): Tiny => {
    const variant = tiny();
    const { models } = variant.game.discriminator;
    const averaging = historicalAveraging({ player: 'discriminator', models, weight: 2 });
    // After so many updates the average, a constant in the gradient, rests.
    averaging.state!['count']!.assign(tf.scalar(1e6));
    return { ...variant, terms: [averaging] };
  };
  it.each([1, 2, 3])('%i updates are foreseen as they are played', (k) => check(make, k));
});
