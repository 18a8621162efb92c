import { useBackend } from '@ganloom/backends';
import { type Dataset, type Game, RandomStream, type Variant } from '@ganloom/core';
import { cycleGame, type DomainPictures } from '@ganloom/games';
import { cycleConsistency, identity, leastSquares } from '@ganloom/losses';
import { disposeVariant, weightsIn } from '@ganloom/tiny-gan';
import { adam } from '@ganloom/optimizers';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { lossesOf, play, tinyNetwork, watched, weightsAfter } from '../../../test/tiny-games';

beforeAll(async () => void (await useBackend('wasm', { threads: 1 })));

const PICTURE = [2, 2, 1];

const DOMAINS = { a: 'photos', b: 'paintings' };

/** Two translators, a judge per domain. */
function tinyCycleGame(random: RandomStream): Game<DomainPictures> {
  return cycleGame({
    toB: tinyNetwork(random.fork('g'), PICTURE, PICTURE, 'tanh'),
    toA: tinyNetwork(random.fork('f'), PICTURE, PICTURE, 'tanh'),
    discriminatorA: tinyNetwork(random.fork('dx'), PICTURE, [1]),
    discriminatorB: tinyNetwork(random.fork('dy'), PICTURE, [1]),
    domains: DOMAINS,
    data: { a: 'images', b: 'paintings' },
  });
}

/** Dark photos, and bright paintings drawn without regard to them. */
const data: Dataset = {
  name: 'dark and bright',
  size: 32,
  shapes: { images: [2, 2, 1], paintings: [2, 2, 1] },
  batch(indices, random) {
    const tones = (of: number[], middle: number) =>
      tf.tensor4d(
        of.flatMap((i) => [0, 1, 2, 3].map((pixel) => middle + (((i >> pixel) & 1) - 0.5) / 2)),
        [of.length, 2, 2, 1],
      );
    const others = random!.integers(indices.length, 16);
    return { images: tones(Array.from(indices), -0.4), paintings: tones([...others], 0.4) };
  },
};

function cycleGan(weight = 10): Variant<DomainPictures> {
  const again = { photos: 'photosAgain', paintings: 'paintingsAgain' };
  const kept = { photos: 'photosKept', paintings: 'paintingsKept' };
  const optimizer = () => adam({ learningRate: 0.02 });
  return {
    name: 'cycle-gan',
    game: tinyCycleGame(RandomStream.fromSeed(1)),
    loss: leastSquares(),
    terms: [
      cycleConsistency({ pairs: again, weight }),
      identity({ pairs: kept, weight: weight / 2 }),
    ],
    optimizers: { generator: optimizer(), discriminator: optimizer() },
  };
}

const TERM = 'generator/cycle-consistency';

it('learns with all four networks, and pictures come back as they were', async () => {
  const variant = cycleGan();
  const { game } = variant;
  const networks = { ...game.generator.models, ...game.discriminator.models };
  const before = Object.values(networks).map(weightsIn);
  const events = await play(variant, data, { steps: 60 });
  const distances = lossesOf(events, TERM);
  expect(before).toHaveLength(4);
  Object.values(networks).forEach((network, i) =>
    expect(weightsIn(network)).not.toEqual(before[i]),
  );
  // Tones of a picture are ¼ off their mean: that is what forgetting them costs in each domain.
  expect(distances[0]).toBeGreaterThan(0.5);
  expect(Math.max(...distances.slice(-5))).toBeLessThan(0.3);
  expect(Math.max(...lossesOf(events, 'generator/identity').slice(-5))).toBeLessThan(0.4);
  disposeVariant(variant);

  const careless = cycleGan(0);
  const unasked = lossesOf(await play(careless, data, { steps: 40 }), TERM);
  expect(Math.min(...unasked.slice(-5))).toBeGreaterThan(0.45);
  disposeVariant(careless);
});

it("updates one side's networks at a time", async () => {
  const { optimizers, ...variant } = cycleGan();
  const { generator, discriminator } = variant.game;
  const seen: { generator: number[][]; discriminator: number[][] }[] = [];
  const look = () =>
    void seen.push({
      generator: Object.values(generator.models).map(weightsIn),
      discriminator: Object.values(discriminator.models).map(weightsIn),
    });
  const watching = {
    generator: watched(optimizers.generator, look),
    discriminator: watched(optimizers.discriminator!, look),
  };
  await play({ ...variant, optimizers: watching }, data, { steps: 3 });
  look();
  // Before each update of D and of G, in turn, and at the end.
  expect(seen).toHaveLength(7);
  for (let i = 1; i < seen.length; i++) {
    const moves = i % 2 ? 'discriminator' : 'generator';
    const rests = i % 2 ? 'generator' : 'discriminator';
    expect(seen[i]![rests]).toEqual(seen[i - 1]![rests]);
    seen[i]![moves].forEach((now, k) => expect(now).not.toEqual(seen[i - 1]![moves][k]));
  }
  disposeVariant({ ...variant, optimizers });
});

it('gives the same bits for the same seed, and leaves no tensor over', async () => {
  const bits = await weightsAfter(cycleGan, data, 7);
  expect(await weightsAfter(cycleGan, data, 7)).toEqual(bits);
  expect(await weightsAfter(cycleGan, data, 8)).not.toEqual(bits);
});
