import { type Plan, RandomStream, type Variant } from '@ganloom/core';
import { hinge, r1 } from '@ganloom/losses';
import { latentGame } from '@ganloom/games';
import { adam } from '@ganloom/optimizers';
import { disposeVariant, tinyData, tinyVariant, withSeededWeights } from '@ganloom/tiny-gan';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { exponentialMovingAverage } from './exponential-moving-average';
import { slowBackend } from './slow-backend';
import { train, type TrainOptions } from './train';

beforeAll(async () => void (await tf.setBackend('cpu')));

const options = { steps: 1, batchSize: 4, random: RandomStream.fromSeed(1) };
const played = async (plan: unknown, data: unknown = tinyData(), more: object = {}) => {
  const events = train(plan as Plan, data as never, { ...options, ...more } as TrainOptions);
  for await (const _ of events);
};

let variant: Variant;
beforeEach(() => {
  variant = tinyVariant() as Variant;
  return () => disposeVariant(variant);
});

it.each<[string, (good: Variant) => object, string]>([
  [
    'a loss that is not called',
    () => ({ loss: hinge }),
    'loss must have a function "discriminator", got the function hinge; call it: hinge()',
  ],
  [
    'a term without brackets',
    () => ({ terms: r1() }),
    'terms must be a list, got an object "r1"; put it into brackets: terms: [r1()]',
  ],
  [
    'a term that is not called',
    () => ({ terms: [r1] }),
    'terms[0] must have a function "value", got the function r1; call it: r1()',
  ],
  [
    'an optimizer of TensorFlow.js',
    ({ optimizers }) => ({ optimizers: { ...optimizers, generator: tf.train.adam() } }),
    'optimizers.generator must be an optimizer of @ganloom/optimizers, got one of tf.train; take adam()',
  ],
  [
    'an optimizer that is not called',
    ({ optimizers }) => ({ optimizers: { ...optimizers, discriminator: adam } }),
    'optimizers.discriminator must have a function "apply", got the function adam; call it: adam()',
  ],
  ['no optimizers', () => ({ optimizers: undefined }), 'optimizers.generator must be there'],
  [
    'networks instead of a game',
    ({ game }) => ({ game: game.generator }),
    'game must have a function "real", got an object; take latentGame(…)',
  ],
  [
    'a term of nobody',
    () => ({ terms: [{ ...r1(), player: 'critic' }] }),
    'terms[0].player must be "generator" or "discriminator", got "critic"',
  ],
])('refuses %s', async (_, change, message) => {
  const wrong = { ...variant, ...change(variant) };
  const before = tf.memory().numTensors;
  await expect(played(wrong)).rejects.toThrow(`train, variant "${variant.name}": ${message}`);
  expect(tf.memory().numTensors).toBe(before);
});

it('refuses arguments that are something else', async () => {
  const average = exponentialMovingAverage(variant.game.generator.models, { decay: 0.9 });
  const cases: [unknown, unknown, object, string][] = [
    [variant, undefined, {}, 'train: data must be a Dataset, got undefined'],
    [variant, Promise.resolve(tinyData()), {}, 'data must be a Dataset, got a promise; await it'],
    [
      variant,
      tinyData(),
      { random: 42 },
      'random must be a RandomStream, got 42; take RandomStream.fromSeed(42)',
    ],
    [variant, tinyData(), { ema: average }, 'ema must be an average, got a promise; await it'],
    [Promise.resolve(variant), tinyData(), {}, 'list of stages, got a promise; await it'],
    [undefined, tinyData(), {}, 'a plan is a variant or a list of stages, got undefined'],
  ];
  for (const [plan, data, more, message] of cases) {
    await expect(played(plan, data ?? null, more)).rejects.toThrow(
      message.replace('got undefined', data === undefined ? 'got null' : 'got undefined'),
    );
  }
  (await average).dispose();
});

/** Latents of 2 to a picture of `size`, and pictures of `taken` to a logit. */
function networks(size: number, taken: number, activation?: 'sigmoid', own = false): Variant {
  const { activation: layer, dense, flatten, reshape } = tf.layers;
  const generator = tf.sequential({
    layers: [
      dense({ units: size * size, inputShape: [2] }),
      reshape({ targetShape: [size, size, 1] }),
    ],
  });
  const discriminator = tf.sequential({
    layers: [
      flatten({ inputShape: [taken, taken, 1] }),
      dense({ units: 1, name: 'last', ...(activation && !own && { activation }) }),
      ...(activation && own ? [layer({ activation, name: 'end' })] : []),
    ],
  });
  for (const model of [generator, discriminator])
    withSeededWeights(model, RandomStream.fromSeed(1));
  return {
    name: 'sizes',
    game: latentGame({ generator, discriminator }),
    loss: hinge(),
    optimizers: { generator: adam(), discriminator: adam() },
  } as unknown as Variant;
}

const pictures = {
  name: 'pictures',
  size: 8,
  shapes: { images: [4, 4, 1] },
  batch: (indices: ArrayLike<number>) => ({ images: tf.ones([indices.length, 4, 4, 1]) }),
};

it.each([false, true])('refuses a sigmoid at the end of the discriminator', async (own) => {
  const wrong = networks(4, 4, 'sigmoid', own);
  await expect(played(wrong, pictures)).rejects.toThrow(
    'the discriminator "discriminator" must end in a logit, got the probability of a sigmoid in its ' +
      `layer "${own ? 'end' : 'last'}"; leave the activation out`,
  );
  disposeVariant(wrong);
});

it('says in the first step what does not fit', async () => {
  const refused = async (drawn: number, seen: number, message: RegExp) => {
    const wrong = networks(drawn, seen);
    await expect(played(wrong, pictures)).rejects.toThrow(message);
    disposeVariant(wrong);
  };
  const message =
    /^train: fakes must have the shape of what is real, samples \[4, 4, 4, 1\], got \[4, 5, 5, 1\]; make/;
  // Layers keep some constants from their first use on.
  await refused(5, 4, message);
  const before = tf.memory().numTensors;
  await refused(5, 4, message);
  expect(tf.memory().numTensors).toBe(before);
  // TensorFlow.js itself loses what a tape has saved when an operation in it fails.
  await refused(
    4,
    5,
    /^train, variant "sizes": the first step must play through, but: .*An example of the data has images \[4, 4, 1\]; the generator maps \[2\] to \[4, 4, 1\]; the discriminator maps \[5, 5, 1\] to \[1\]; make them fit/,
  );
});

it('leaves errors of data as they are', async () => {
  const broken = { ...pictures, batch: () => Promise.reject(new Error('no disk')) };
  const fine = networks(4, 4);
  await expect(played(fine, broken)).rejects.toThrow(/^no disk$/);
  disposeVariant(fine);
});

it('says once that plain JavaScript trains, when it is slow', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  slowBackend(100);
  expect(warn).not.toHaveBeenCalled();
  slowBackend(32_000);
  slowBackend(32_000);
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0]![0]).toContain('the first step took 32.0 s; tens of times faster');
  warn.mockRestore();
});
