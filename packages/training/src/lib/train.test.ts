import type { Pictures } from '@ganloom/images';
import { type Optimizer, type Player, RandomStream, type Term, UsageError } from '@ganloom/core';
import {
  discriminatorTerm,
  disposeVariant,
  softplusLoss,
  tinyData,
  tinyVariant,
  weightsOf,
  picturesShown,
} from '@ganloom/tiny-gan';
import { sgd } from '@ganloom/optimizers';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EndEvent, TrainEvent } from './events';
import { exponentialMovingAverage } from './exponential-moving-average';
import { pictureDiversity } from './picture-diversity';
import { train, type TrainOptions } from './train';
import { trainableVariables } from './variables';

beforeAll(() => tf.setBackend('cpu'));

type Variant = ReturnType<typeof tinyVariant>;

async function run(variant: Variant, options: Partial<TrainOptions> = {}, data = tinyData()) {
  const events: TrainEvent[] = [];
  const all = { steps: 4, batchSize: 8, random: RandomStream.fromSeed(5), ...options };
  for await (const event of train(variant, data, all)) events.push(event);
  return events;
}

const of = <T extends TrainEvent['type']>(events: TrainEvent[], type: T) =>
  events.filter((event): event is Extract<TrainEvent, { type: T }> => event.type === type);

describe('events', () => {
  it('come in order, losses at the first, each n-th and the last step', async () => {
    const variant = tinyVariant();
    const events = await run(variant, {
      steps: 5,
      log: { every: 2 },
      samples: { every: 3, count: 4 },
    });
    expect(events.map((event) => `${event.type} ${event.step}`)).toEqual([
      'start 0',
      'metrics 1',
      'step 1',
      'metrics 2',
      'step 2',
      'metrics 3',
      'samples 3',
      'step 3',
      'metrics 4',
      'step 4',
      'metrics 5',
      'samples 5',
      'step 5',
      'end 5',
    ]);
    const [samples] = of(events, 'samples');
    expect(samples!.samples.shape).toEqual([4, 8, 8, 1]);
    expect(samples!.samples.data).toHaveLength(256);
    expect(events.at(-1)).toMatchObject({
      reason: 'steps',
      losses: { generator: expect.any(Number) },
    });
    disposeVariant(variant);
  });

  it('report the losses that the step descends', async () => {
    // Zero networks: all logits are 0, so each softplus is log 2.
    const multiplier = tf.variable<tf.Rank.R0>(tf.scalar(0.5), false);
    const loss = { ...softplusLoss, statistics: { multiplier } };
    const variant = tinyVariant(1, { loss });
    for (const model of Object.values(variant.game.discriminator.models)) {
      tf.tidy(() => model.setWeights(model.getWeights().map((w) => tf.zerosLike(w))));
    }
    const [metrics] = of(await run(variant, { steps: 1 }), 'metrics');
    expect(metrics!.losses['discriminator']).toBeCloseTo(2 * Math.LN2, 6);
    expect(metrics!.statistics).toMatchObject({ realLogit: 0, fakeLogit: 0, multiplier: 0.5 });
    // Read, and still the loss's own.
    expect(multiplier.isDisposed).toBe(false);
    multiplier.dispose();
    disposeVariant(variant);
  });

  it('report the norms of the gradients that the optimizers get', async () => {
    const variant = tinyVariant();
    const norms: Record<string, number> = {};
    const measured = (name: string, optimizer: Optimizer): Optimizer => ({
      ...optimizer,
      apply(variables, gradients) {
        norms[name] = Math.hypot(...gradients.flatMap((gradient) => [...gradient.dataSync()]));
        optimizer.apply(variables, gradients);
      },
    });
    const optimizers = {
      generator: measured('generatorGradientNorm', variant.optimizers.generator),
      discriminator: measured('discriminatorGradientNorm', variant.optimizers.discriminator!),
    };
    const [metrics] = of(await run({ ...variant, optimizers }, { steps: 1 }), 'metrics');
    for (const [name, norm] of Object.entries(norms)) {
      expect(norm).toBeGreaterThan(0);
      expect(metrics!.statistics[name]! / norm).toBeCloseTo(1, 5);
    }
    expect(Object.keys(norms)).toHaveLength(2);
    disposeVariant(variant);
  });

  it('compare the diversity of samples with that of the data', async () => {
    const variant = tinyVariant();
    // Tones of −1, −0.95, … 0.95: as bytes, 6 or 7 apart.
    const data = tinyData(40, (i) => i / 20 - 1);
    const samples = { every: 2, count: 40 };
    const events = await run(variant, { steps: 3, log: { every: 9 }, samples }, data);
    const metrics = of(events, 'metrics');
    expect(metrics.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(metrics[0]!.statistics).not.toHaveProperty('pixelDiversity');
    const [drawn] = of(events, 'samples');
    const { spread, nearest } = pictureDiversity(drawn!.samples as Pictures)!;
    const { pixelDiversity, nearestDistance } = metrics[1]!.statistics;
    // Variance of 40 evenly spaced tones: (40² − 1)/12 spacings squared.
    const spacing = 127.5 / 20;
    expect(spread / pixelDiversity! / (spacing * Math.sqrt(1599 / 12))).toBeCloseTo(1, 2);
    expect(nearest / nearestDistance! / spacing).toBeGreaterThan(0.9);
    expect(nearest / nearestDistance! / spacing).toBeLessThan(1.1);
    disposeVariant(variant);
  });
});

it('learns: pictures come to look like the data', async () => {
  const variant = tinyVariant();
  const meanPixel = () => {
    const { models } = variant.game.generator;
    return tf.tidy(() => {
      const images = tf.zeros<tf.Rank.R4>([64, 8, 8, 1]);
      const pictures = picturesShown(variant.game, { images }, RandomStream.fromSeed(1), models);
      return pictures.mean().dataSync()[0]!;
    });
  };
  expect(meanPixel()).toBeLessThan(0.1);
  await run(
    variant,
    { steps: 75 },
    tinyData(40, () => 0.5),
  );
  // Plain GANs circle around the solution: three seeds are within 0.12 here, and 0.06 at the start.
  expect(Math.abs(meanPixel() - 0.5)).toBeLessThan(0.15);
  disposeVariant(variant);
});

it('gives the same weights for the same seed, whatever is logged or drawn, and others for another', async () => {
  const weights = async (seed: number, options: Partial<TrainOptions>) => {
    const variant = tinyVariant();
    await run(variant, { steps: 12, random: RandomStream.fromSeed(seed), ...options });
    const result = weightsOf(variant);
    disposeVariant(variant);
    return result;
  };
  const first = await weights(5, {});
  expect(await weights(5, { log: { every: 3 }, samples: { every: 2, count: 3 } })).toEqual(first);
  expect(await weights(6, {})).not.toEqual(first);
});

it('continues at a step with the data and the random numbers of that step', async () => {
  const whole = tinyData();
  const rest = tinyData();
  const variants = [tinyVariant(), tinyVariant()];
  await run(variants[0]!, { steps: 9 }, whole);
  const events = await run(variants[1]!, { steps: 9, done: { step: 7, seconds: 0 } }, rest);
  expect(rest.asked).toEqual(whole.asked.slice(7));
  expect(of(events, 'step').map(({ step }) => step)).toEqual([8, 9]);
  variants.forEach(disposeVariant);
});

it('leaves no tensor behind in 50 steps', async () => {
  const variant = tinyVariant(1, {
    terms: [discriminatorTerm({ name: 'size', value: ({ real }) => tf.mean(tf.square(real)) })],
  });
  const ema = await exponentialMovingAverage(variant.game.generator.models);
  const counts: number[] = [];
  const options = {
    steps: 50,
    batchSize: 8,
    random: RandomStream.fromSeed(5),
    ema,
    log: { every: 7 },
    samples: { every: 5, count: 3 },
  };
  for await (const event of train(variant, tinyData(), options)) {
    // The examples of the samples are there to the end, the next batch until the last step, losses until
    // they are read.
    if (event.type === 'metrics' && event.step < 50) counts.push(tf.memory().numTensors);
  }
  expect(tf.memory().numTensors).toBe(counts[0]! - 2);
  expect(counts).toHaveLength(16);
  expect(new Set(counts)).toEqual(new Set([counts[0]]));
  ema.dispose();
  disposeVariant(variant);
});

describe('the step', () => {
  it('takes a new batch for each discriminator step', async () => {
    const data = tinyData();
    const variant = tinyVariant(1, { discriminatorSteps: 3 });
    await run(variant, { steps: 2 }, data);
    expect(data.asked).toHaveLength(6);
    // 40 examples are five batches of eight, so the sixth begins a new epoch.
    expect(new Set(data.asked.slice(0, 5).flat()).size).toBe(40);
    disposeVariant(variant);
  });

  it('updates each side by its own loss alone', async () => {
    const still = tinyVariant(1, {
      // No gradient for G.
      loss: { ...softplusLoss, generator: () => tf.scalar(0) },
    });
    await expect(run(still, { steps: 1 })).rejects.toThrow('Cannot find a connection');
    disposeVariant(still);

    const frozen = tinyVariant();
    const trained = (player: Player) =>
      trainableVariables(player).flatMap((v) => [...v.dataSync()]);
    const { generator, discriminator } = frozen.game;
    const before = [trained(generator), trained(discriminator)];
    const lazy = { ...frozen.optimizers.generator, apply: () => undefined };
    await run({ ...frozen, optimizers: { ...frozen.optimizers, generator: lazy } }, { steps: 2 });
    expect(trained(generator)).toEqual(before[0]);
    expect(trained(discriminator)).not.toEqual(before[1]);
    disposeVariant(frozen);
  });

  it.each<[Term['weight'], number[]]>([
    [0.5, [0, 1, 0, 1]],
    [{ name: 'squares', at: (update) => update ** 2 }, [0, 2 * 1, 0, 2 * 9]],
  ])('adds terms with their weight, a lazy one each n-th step n times (%#)', async (weight, is) => {
    // A term that pulls the last bias down by its weight: seen as what the gradient is.
    const seen: number[] = [];
    const variant = tinyVariant(1, {
      loss: {
        name: 'none',
        discriminator: (real) => tf.mul(tf.mean(real.logits), 0),
        generator: softplusLoss.generator,
      },
      terms: [
        discriminatorTerm({
          name: 'bias',
          weight,
          every: 2,
          value: ({ realCritique }) => tf.mean(realCritique().logits),
        }),
      ],
    });
    const spy = {
      ...variant.optimizers.discriminator!,
      apply: (_: unknown, gradients: readonly tf.Tensor[]) =>
        void seen.push(...gradients.at(-1)!.dataSync()),
    };
    const events = await run(
      { ...variant, optimizers: { ...variant.optimizers, discriminator: spy } },
      { steps: 4, log: { every: 1 } },
    );
    expect(seen).toEqual(is);
    const named = of(events, 'metrics').map(({ losses }) => 'discriminator/bias' in losses);
    expect(named).toEqual([false, true, false, true]);
    disposeVariant(variant);
  });

  it('lets terms and loss share one critique, and gives each term random numbers of its own', async () => {
    let critiques = 0;
    const numbers: number[] = [];
    const variant = tinyVariant();
    const value = discriminatorTerm({
      name: 'a',
      value: ({ realCritique, random }) => {
        numbers.push(random.uniformNumber());
        return tf.mean(realCritique().logits);
      },
    });
    const { critique } = variant.game;
    const counting = {
      ...variant,
      terms: [value, { ...value, name: 'b' }],
      game: {
        ...variant.game,
        critique: (...args: Parameters<typeof critique>) => (critiques++, critique(...args)),
      },
    };
    await run(counting, { steps: 2 });
    // Real and fake for D, fake for G.
    expect(critiques).toBe(6);
    expect(new Set(numbers).size).toBe(4);
    disposeVariant(variant);
  });
});

describe('the end', () => {
  it('comes after the step in progress when interrupted', async () => {
    const variant = tinyVariant();
    const controller = new AbortController();
    const events: TrainEvent[] = [];
    const options = {
      steps: 1000,
      batchSize: 8,
      random: RandomStream.fromSeed(5),
      signal: controller.signal,
    };
    for await (const event of train(variant, tinyData(), options)) {
      events.push(event);
      if (event.type === 'step' && event.step === 3) controller.abort();
    }
    expect(events.at(-1)).toMatchObject({ type: 'end', step: 3, reason: 'interrupted' });
    disposeVariant(variant);
  });

  it('lets timers run meanwhile', async () => {
    const variant = tinyVariant();
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const events = await run(variant, { steps: 1e6, signal: controller.signal });
    expect((events.at(-1) as EndEvent).reason).toBe('interrupted');
    disposeVariant(variant);
  });

  it('is an error that names the loss and the step when a loss is not finite', async () => {
    const variant = tinyVariant(1, {
      terms: [
        discriminatorTerm({
          name: 'penalty',
          value: ({ realCritique }) => tf.div(tf.mean(realCritique().logits), 0),
        }),
      ],
    });
    const events: TrainEvent[] = [];
    const training = async () => {
      const options = { steps: 5, batchSize: 8, random: RandomStream.fromSeed(5) };
      for await (const event of train(variant, tinyData(), options)) events.push(event);
    };
    const before = tf.memory().numTensors;
    await expect(training()).rejects.toThrow(
      /^train: the loss "discriminator\/penalty" must be finite, got -?Infinity at step 1; lower the learning rate/,
    );
    variant.optimizers.generator.dispose();
    variant.optimizers.discriminator?.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(events.map(({ type }) => type)).toEqual(['start', 'not-finite', 'end']);
    expect(events.at(-1)).toMatchObject({ reason: 'failed' });
    disposeVariant(variant);
  });

  /** The event and the error of a run that fails, after which nothing is left. */
  async function failure(variant: Variant, options: Partial<TrainOptions> = {}, data = tinyData()) {
    const events: TrainEvent[] = [];
    const training = async () => {
      const all = { steps: 20, batchSize: 8, random: RandomStream.fromSeed(5), ...options };
      for await (const event of train(variant, data, all)) events.push(event);
    };
    const before = tf.memory().numTensors;
    const error = await training().catch((thrown: Error) => thrown.message);
    variant.optimizers.generator.dispose();
    variant.optimizers.discriminator?.dispose();
    expect(tf.memory().numTensors).toBe(before);
    disposeVariant(variant);
    return { error, event: of(events, 'not-finite')[0]!, end: of(events, 'end')[0]! };
  }

  it('names the data of the step in which they spoiled a loss, whenever losses are read', async () => {
    // Which examples the third batch has, of those that the first two do not have.
    const asking = tinyData();
    const alone = tinyVariant();
    await run(alone, { steps: 3 }, asking);
    disposeVariant(alone);
    const bad = asking.asked[2]![5]!;
    expect(asking.asked.slice(0, 2).flat()).not.toContain(bad);
    const broken = () => tinyData(40, (i) => (i === bad ? NaN : 0.5));

    for (const [every, noticed] of [
      [1, 3],
      [10, 10],
    ] as const) {
      const { error, event, end } = await failure(tinyVariant(), { log: { every } }, broken());
      expect(event).toEqual({
        type: 'not-finite',
        step: 3,
        loss: 'discriminator',
        value: NaN,
        noticed,
        tensor: 'batch/images',
      });
      expect(error).toBe(
        'train: the loss "discriminator" must be finite, got NaN at step 3; lower the learning rate, or ' +
          'check the data for NaN (first found in batch/images)',
      );
      expect(end).toMatchObject({ step: noticed, reason: 'failed' });
    }
  });

  it.each([
    // The generator meets the weights that the discriminator's first update made, or only in step 2.
    ['alternating', 1],
    ['simultaneous', 2],
  ] as const)(
    'names the step in which too high a learning rate shows, whenever losses are read (%s)',
    async (updates, step) => {
      for (const every of [1, 10]) {
        const { optimizers, ...tiny } = tinyVariant();
        const rate = { learningRate: 1e25 };
        const variant = {
          ...tiny,
          updates,
          optimizers: { generator: sgd(rate), discriminator: sgd(rate) },
        };
        const { error, event } = await failure(variant, { log: { every } });
        const noticed = step === 1 ? 1 : Math.max(step, every);
        expect(event).toMatchObject({ step, noticed, tensor: expect.stringMatching(/^generator/) });
        expect(error).toContain(`at step ${step}; lower`);
        expect(error).toContain(
          `(the data of the step are finite; after step ${noticed} the first tensor that is not is generator/`,
        );
        for (const optimizer of Object.values(optimizers)) optimizer.dispose();
      }
    },
  );

  it('comes of a loss that is not finite once, between the steps that are read', async () => {
    let evaluations = 0;
    const spike = discriminatorTerm({
      name: 'spike',
      // No gradient, so that nothing else tells of it.
      value: ({ realCritique }) =>
        tf.add(tf.mul(tf.mean(realCritique().logits), 0), ++evaluations === 4 ? Infinity : 0),
    });
    const { error, event } = await failure(tinyVariant(1, { terms: [spike] }));
    expect(event).toMatchObject({ step: 4, loss: 'discriminator/spike', value: Infinity });
    expect(event).not.toHaveProperty('tensor');
    expect(error).toMatch(/\(the data of the step, and all weights after step 10, are finite\)$/);
  });

  it('names the first weight that is not finite', async () => {
    const variant = tinyVariant();
    const [model] = Object.values(variant.game.discriminator.models);
    tf.tidy(() => {
      const weights = model!.getWeights();
      // The bias of the last layer alone.
      model!.setWeights([...weights.slice(0, -1), tf.fill([1], NaN)]);
    });
    // Its gradient spoils all that the step trains; the generator comes first.
    const { error } = await failure(variant);
    expect(error).toMatch(
      / after step 1 the first tensor that is not is generator\/generator\/0-kernel\)$/,
    );
  });

  it('comes also when the data fail', async () => {
    const variant = tinyVariant();
    const data = { ...tinyData(), batch: () => Promise.reject(new Error('disk on fire')) };
    const events: TrainEvent[] = [];
    const training = async () => {
      const options = { steps: 5, batchSize: 8, random: RandomStream.fromSeed(5) };
      for await (const event of train(variant, data, options)) events.push(event);
    };
    await expect(training()).rejects.toThrow('disk on fire');
    expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'failed', error: 'disk on fire' });
    disposeVariant(variant);
  });
});

it('refuses steps and batches that make no sense', async () => {
  const variant = tinyVariant();
  await expect(run(variant, { steps: 0 })).rejects.toThrow(
    'train: steps must be a positive integer, got 0',
  );
  await expect(run(variant, { batchSize: 2.5 })).rejects.toThrow(
    'train: batchSize must be a positive integer',
  );
  await expect(run(variant, { batchSize: 41 })).rejects.toBeInstanceOf(UsageError);
  disposeVariant(variant);
});
