import {
  type Dataset,
  type Game,
  type Optimizer,
  RandomStream,
  type Schedule,
} from '@ganloom/core';
import { useBackend } from '@ganloom/backends';
import { gaussianMixture, ringMixture } from '@ganloom/datasets';
import { dcgan, maxoutUnits, mlp } from '@ganloom/models';
import { train } from '@ganloom/training';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { methods, plainBut } from './methods';
import type { Target } from './target';
import { targets } from './targets';

beforeAll(async () => void (await useBackend('wasm', { threads: 1 })));

const random = () => RandomStream.fromSeed(1);
const settings = { ...targets['ring']!.defaults, batch: 8 };
/** The ring's networks, smaller. */
const small: Target = {
  ...targets['ring']!.make({ cache: '' }),
  architecture: mlp({
    shape: [2],
    latentSize: 2,
    generator: { widths: [8], batchNorm: true, output: 'linear' },
    discriminator: { widths: [6], units: maxoutUnits({ pieces: 2 }) },
  }),
};

/** Pictures instead of points. */
const pictures: Target = {
  ...small,
  real: 'images',
  architecture: dcgan({ image: { height: 8, width: 8, channels: 2 }, latentSize: 2, filters: 2 }),
};

it.each(Object.keys(methods))('%s trains both players', async (name) => {
  const method = methods[name]!;
  const variant = method.make(method.onlyPictures ? pictures : small, settings, random());
  const { generator, discriminator } = variant.game;
  const weights = () =>
    [generator, discriminator].map(({ models }) =>
      Object.values(models).flatMap((model) =>
        model.trainableWeights.flatMap((w) => [...w.read().dataSync()]),
      ),
    );
  const before = weights();
  const points = gaussianMixture({ ...ringMixture(), count: 64, random: random() });
  const noise: Dataset = {
    ...points,
    shapes: { images: [8, 8, 2] },
    batch: ({ length }) => ({ images: tf.randomNormal([length, 8, 8, 2], 0, 1, 'float32', 1) }),
  };
  const data = method.onlyPictures ? noise : points;
  for await (const event of train(variant, data, { steps: 3, batchSize: 8, random: random() })) {
    expect(event.type).not.toBe('not-finite');
  }
  weights().forEach((values, player) => {
    expect(values.every(Number.isFinite)).toBe(true);
    expect(values).not.toEqual(before[player]);
  });
});

describe('a method', () => {
  const shapeOf = (game: Game<tf.Tensor>) => {
    const { discriminator } = game.discriminator.models;
    const logit = discriminator!.getLayer('logit').trainableWeights[0]!;
    return { input: discriminator!.inputs[0]!.shape, logit: logit.shape };
  };

  it('may pack samples, and put layers before the logit', () => {
    const twice = (x: tf.SymbolicTensor) =>
      tf.layers.concatenate({ axis: -1 }).apply([x, x]) as tf.SymbolicTensor;
    const method = plainBut(() => ({ head: twice, discriminatorSteps: 2 }));
    const variant = method.make(small, { ...settings, packing: 3 }, random());
    expect(shapeOf(variant.game)).toEqual({ input: [null, 6], logit: [12, 1] });
    expect(variant.discriminatorSteps).toBe(2);
  });

  it('has the networks of the target', () => {
    const { game } = methods['gan']!.make(
      {
        ...pictures,
        architecture: dcgan({ image: { height: 28, width: 28, channels: 3 }, filters: 2 }),
      },
      settings,
      random(),
    );
    expect(shapeOf(game)).toEqual({ input: [null, 28, 28, 3], logit: [7 * 7 * 4, 1] });
  });

  it('may leave out the normalizations, and has biases then', () => {
    const networksOf = (name: string, target = small) => {
      const { game } = methods[name]!.make(target, settings, random());
      const { generator } = game.generator.models;
      return generator!.trainableWeights.map(({ originalName }) => originalName);
    };
    expect(networksOf('gan')).toContain('hidden1_norm/gamma');
    expect(networksOf('gan')).not.toContain('hidden1/bias');
    expect(networksOf('r3gan')).not.toContain('hidden1_norm/gamma');
    expect(networksOf('r3gan')).toContain('hidden1/bias');
    expect(networksOf('r3gan', pictures)).toContain('project_norm/gamma');
  });

  it('lets both rates go to 0 with the steps, if asked to', () => {
    const decaying = { ...settings, steps: 10, decay: 'linear' } as const;
    const rate = (optimizer: Optimizer | undefined, update: number) =>
      (optimizer!.settings['learningRate'] as Schedule).at(update);
    const { generator, discriminator } = methods['wgan-gp']!.make(
      small,
      decaying,
      random(),
    ).optimizers;
    expect(rate(generator, 5) / decaying.learningRate).toBeCloseTo(0.5, 12);
    expect(rate(generator, 10)).toBe(0);
    // Five updates in each step.
    expect(rate(discriminator, 25) / decaying.learningRate).toBeCloseTo(0.5, 12);
  });

  it.each(['wgan-gp', 'r1', 'r3gan'])('penalizes as the settings say: %s', (name) => {
    const penalized = { ...settings, steps: 10, gamma: 3, gammaEnd: 0.75, penaltyEvery: 2 };
    const { terms } = methods[name]!.make(small, penalized, random());
    expect(terms!.map(({ every }) => every)).toEqual(terms!.map(() => 2));
    // R1 and R2 have γ/2.
    const share = name === 'wgan-gp' ? 1 : 1 / 2;
    const weights = [0, 5, 10].map((update) => (terms![0]!.weight as Schedule).at(update));
    [3, 1.5, 0.75].forEach((gamma, i) => expect(weights[i]).toBeCloseTo(share * gamma, 12));
  });

  it('may have another game, other terms and other defaults', () => {
    const term = {
      name: 'none',
      player: 'discriminator',
      weight: 1,
      value: () => tf.scalar(0),
    } as const;
    const method = plainBut(
      () => ({ game: (game) => ({ ...game, name: 'other' }), terms: [term] }),
      () => ({ ema: 0.9 }),
    );
    const variant = method.make(small, settings, random());
    expect([variant.game.name, variant.terms]).toEqual(['other', [term]]);
    expect(method.defaults!(settings, {})).toEqual({ ema: 0.9 });
  });
});
