import { useBackend } from '@ganloom/backends';
import { type Dataset, type Game, RandomStream, type Term, type Variant } from '@ganloom/core';
import { augmented, latentGame, packed, packedShape } from '@ganloom/games';
import {
  gradientPenalty,
  minibatchDiscriminationLayer,
  minibatchStandardDeviationLayer,
  nonSaturating,
  r1,
} from '@ganloom/losses';
import { dcgan, generatorOf, initialize, spectrallyNormalized } from '@ganloom/models';
import {
  accumulateGradients,
  adam,
  clipGradients,
  clipWeights,
  linearDecay,
} from '@ganloom/optimizers';
import {
  adaptive,
  type Augmentation,
  brightness,
  cutout,
  diffAugment,
  horizontalFlip,
  inSequence,
  instanceNoise,
  translation,
} from '@ganloom/augmentation';
import { exponentialMovingAverage, train, trainingState } from '@ganloom/training';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, expect, it } from 'vitest';

// What helps against mode collapse comes from several packages, and none knows of the others: here
// it is all in one game.

type PictureGame = Game<tf.Tensor>;
type Tiny = Variant<tf.Tensor>;

const image = { height: 8, width: 8, channels: 1 };
const degree = 2;
const held: { dispose(): void }[] = [];

beforeAll(async () => void (await useBackend('wasm', { threads: 1 })));
afterEach(() => {
  for (const one of held.splice(0)) one.dispose();
});

function critic(random: RandomStream): tf.LayersModel {
  const { height, width, channels } = packedShape(image, degree);
  const layers = [
    spectrallyNormalized(
      tf.layers.conv2d({ name: 'down', filters: 4, kernelSize: 4, strides: 2, activation: 'relu' }),
    ),
    minibatchStandardDeviationLayer({ groupSize: 2 }),
    tf.layers.flatten(),
    spectrallyNormalized(tf.layers.dense({ name: 'wide', units: 6, activation: 'relu' })),
    minibatchDiscriminationLayer({ name: 'others', kernels: 3, dimensions: 2 }),
    tf.layers.dense({ name: 'logit', units: 1 }),
  ];
  const picture = tf.input({ shape: [height, width, channels] });
  const logit = layers.reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, picture);
  return initialize(tf.model({ inputs: picture, outputs: logit }), random);
}

const data: Dataset = {
  name: 'waves',
  size: 32,
  shapes: { images: [image.height, image.width, image.channels] },
  batch: (indices) => ({
    images: tf.tensor4d(
      Array.from(indices).flatMap((i) =>
        Array.from({ length: 64 }, (_, p) => Math.sin(i + (p % 8) / (1 + (i % 3)))),
      ),
      [indices.length, 8, 8, 1],
    ),
  }),
};

async function makeRun(
  wrap: (game: PictureGame, augmentation: Augmentation) => PictureGame,
  more: Partial<Tiny['optimizers']> = {},
) {
  const random = RandomStream.fromSeed(4);
  const generator = generatorOf(dcgan({ image, latentSize: 3, filters: 2 }), {
    random: random.fork('g'),
  });
  const discriminator = critic(random.fork('d'));
  const augmentation = inSequence([
    adaptive({
      augmentations: [horizontalFlip(), brightness(), translation(), cutout()],
      target: -1,
      every: 1,
      examples: 32,
    }),
    instanceNoise({ stddev: linearDecay({ from: 0.2, updates: 4 }) }),
    diffAugment(),
  ]);
  const variant: Tiny = {
    name: 'all',
    game: wrap(latentGame({ generator, discriminator }), augmentation),
    loss: nonSaturating(),
    terms: [
      r1({ gamma: 1, every: 2 }),
      gradientPenalty({ weight: 0.1, every: 3 }),
    ] as Term<tf.Tensor>[],
    unrolledSteps: 2,
    optimizers: {
      // Two time scales; an update at every second step, in G only.
      generator: accumulateGradients(adam({ learningRate: 1e-3 }), { calls: 2 }),
      discriminator: clipGradients(adam({ learningRate: 4e-3 }), { norm: 1 }),
      ...more,
    },
  };
  const ema = await exponentialMovingAverage(variant.game.generator.models, { decay: 0.9 });
  const state = trainingState(variant, ema);
  held.push(generator, discriminator, ema);
  held.push(...Object.values(augmentation.state!), ...Object.values(variant.optimizers));
  const play = async (from: number, to: number) => {
    const options = { steps: 6, batchSize: 8, random: random.fork('run'), ema };
    for await (const event of train(variant, data, {
      ...options,
      done: { step: from, seconds: 0 },
    })) {
      if (event.type === 'step' && event.step === to) break;
    }
  };
  const values = (step: number) =>
    Object.fromEntries(
      Object.entries(state.tensors(step)).map(([name, x]) => [name, [...x.dataSync()]]),
    );
  return { play, state, values };
}

it.each([
  [
    'packs augmented pictures',
    (game: PictureGame, by: Augmentation) => augmented(packed(game, degree), by),
  ],
  ['augments packs', (game: PictureGame, by: Augmentation) => packed(augmented(game, by), degree)],
])('trains everything at once, and continues to the same bits: %s', async (_, wrap) => {
  const whole = await makeRun(wrap);
  await whole.play(0, 6);
  const expected = whole.values(6);
  // Every other step is between two updates of G.
  for (const at of [1, 3, 4]) {
    const first = await makeRun(wrap);
    await first.play(0, at);
    const saved = tf.tidy(() =>
      Object.fromEntries(
        Object.entries(first.state.tensors(at)).map(([name, x]) => [
          name,
          tf.mul(x, tf.scalar(1, x.dtype)),
        ]),
      ),
    );
    const second = await makeRun(wrap);
    second.state.restore(at, saved);
    tf.dispose(saved);
    await second.play(at, 6);
    expect(second.values(6)).toEqual(expected);
  }
});

it('changes all that it should in a step, and leaves no tensor behind', async () => {
  const run = await makeRun((game, by) => augmented(packed(game, degree), by));
  const before = run.values(0);
  await run.play(0, 2);
  const after = run.values(2);
  const tensors = tf.memory().numTensors;
  const same = Object.keys(before).filter((name) => `${before[name]}` === `${after[name]}`);
  // Both begin anew with each change of the probability.
  expect(same).toEqual(['game/augmentation-0-signs', 'game/augmentation-0-updates']);
  expect(Object.values(after).flat().every(Number.isFinite)).toBe(true);
  expect(Object.keys(before)).toEqual(
    expect.arrayContaining([
      'discriminator/discriminator/4-projection',
      'discriminator/discriminator/7-u',
      'game/augmentation-0-probability',
      'game/augmentation-1-updates',
    ]),
  );
  expect(after['game/augmentation-1-updates']).toEqual([2]);
  await run.play(2, 4);
  run.values(4);
  expect(tf.memory().numTensors).toBe(tensors);
});

it('clips the weights of such a critic', async () => {
  const limit = 0.03;
  const discriminator = clipWeights(adam({ learningRate: 0.01 }), { limit });
  const run = await makeRun((game, by) => augmented(packed(game, degree), by), { discriminator });
  await run.play(0, 1);
  const kernel = Object.entries(run.values(1)).find(
    ([name]) => name.endsWith('0-kernel') && name.startsWith('discriminator'),
  )![1];
  expect(Math.max(...kernel.map(Math.abs))).toBe(Math.fround(limit));
});
