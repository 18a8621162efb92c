import { picturesShown } from '@ganloom/tiny-gan';
import { useWasm } from '@ganloom/backend-wasm';
import { type Batch, type Dataset, RandomStream, type Term, type Variant } from '@ganloom/core';
import { nonSaturating, r1 } from '@ganloom/losses';
import { type Architecture, dcgan } from '@ganloom/models';
import { adam } from '@ganloom/optimizers';
import { conditionalGame, packed } from '@ganloom/games';
import { type Conditioning, labelColumn, type LabeledPictures } from '@ganloom/conditional';
import { expectNoLeak } from '@ganloom/test-tools';
import { checkConditioning as checkGameOfClasses, type MakeClassedGame } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import { runTraining } from '../src/lib/run-training';
import { train } from '../src/lib/train';

export const CLASSES = 3;
export const LATENT = 4;

const IMAGE = { height: 8, width: 8, channels: 1 };
const tinyDcgan = dcgan({ image: IMAGE, latentSize: LATENT, filters: 4 });

/** Halves of a conditioning, and another architecture than DCGAN's if it is to be tried. */
export interface TriedConditioning extends Conditioning {
  readonly architecture?: Architecture;
}

/** A game on 8×8 pictures of three classes. */
export function tinyGame(conditioning: TriedConditioning, seed = 1, degree = 1) {
  const random = RandomStream.fromSeed(seed);
  const options = { architecture: tinyDcgan, ...conditioning, classes: CLASSES, degree, random };
  return conditionalGame(options);
}

type TinyGame = ReturnType<typeof tinyGame>;

/** Pictures whose tone is their class. */
export function tinyBatch(labels: readonly number[]): Required<Pick<Batch, 'images' | 'labels'>> {
  return {
    images: tf.tensor4d(
      labels.flatMap((label) => Array<number>(64).fill(label - 1)),
      [labels.length, 8, 8, 1],
    ),
    labels: tf.tensor1d([...labels], 'int32'),
  };
}

const tinyData: Dataset = {
  name: 'tiny',
  size: 12,
  shapes: { images: [8, 8, 1] },
  batch: (indices) => tinyBatch(Array.from(indices, (i) => i % CLASSES)),
};

const networksOf = ({ generator, discriminator }: TinyGame) => ({
  generator: generator.models['generator']!,
  discriminator: discriminator.models['discriminator']!,
});

const weightsOf = (model: tf.LayersModel) => model.getWeights().map((w) => [...w.dataSync()]);

export function disposeGame(game: TinyGame): void {
  for (const model of Object.values(networksOf(game))) model.dispose();
}

/** What holds for every conditioning, with stock kernels and with our fused ones. */
export async function checkConditioning(conditioning: TriedConditioning): Promise<void> {
  await tf.setBackend('cpu');
  await checkOnBackend(conditioning);
  await useWasm({ threads: 1 });
  await checkOnBackend(conditioning);
  await checkTraining(conditioning, 2, [r1() as Term<LabeledPictures>]);
}

async function checkOnBackend(conditioning: TriedConditioning): Promise<void> {
  const game = tinyGame(conditioning);
  expect(game.name).toBe(conditioning.name);
  checkPictures(game);
  disposeGame(game);
  const batch = tinyBatch([0, 1, 2, 1]);
  const make = ({ seed, degree }: MakeClassedGame) => tinyGame(conditioning, seed, degree);
  await checkGameOfClasses(make, batch);
  tf.dispose(batch);
  checkDegree(conditioning);
  await checkTraining(conditioning);
}

/** Two of each class, in order, whatever the labels of the batch. */
function checkPictures(game: TinyGame): void {
  tf.tidy(() => {
    const six = tinyBatch([2, 2, 2, 2, 2, 2]);
    const pictures = picturesShown(game, six, RandomStream.fromSeed(3), game.generator.models);
    const latents = RandomStream.fromSeed(3).normal([6, LATENT]);
    const { generator } = networksOf(game);
    const asked = generator.predict([latents, labelColumn([0, 0, 1, 1, 2, 2], CLASSES)]);
    expect(pictures).toBeAllclose(asked as tf.Tensor);
  });
}

function checkDegree(conditioning: TriedConditioning): void {
  const game = tinyGame(conditioning, 1, 2);
  tf.tidy(() => {
    const batch = tinyBatch([0, 1, 2, 1]);
    const message = (received: number) =>
      `conditionalGame: the discriminator judges packs of degree (=2), got ${received}; ` +
      'give conditionalGame the degree that `packed` has';
    for (const other of [1, 4]) {
      const see = () =>
        packed(game, other).critique(game.real(batch), batch, RandomStream.fromSeed(9));
      expect(see).toThrow(message(other));
    }
  });
  disposeGame(game);
}

async function checkTraining(
  conditioning: TriedConditioning,
  degree = 1,
  penalties: readonly Term<LabeledPictures>[] = [],
): Promise<void> {
  const terms = [...conditioning.discriminator.terms, ...penalties];
  const play = async () => {
    const game = tinyGame(conditioning, 1, degree);
    const variant: Variant<LabeledPictures> = {
      name: 'tiny',
      game: packed(game, degree),
      loss: nonSaturating(),
      terms,
      optimizers: { generator: adam(), discriminator: adam() },
    };
    const before = Object.values(networksOf(game)).map(weightsOf);
    const events = train(variant, tinyData, {
      steps: 2,
      batchSize: 6,
      random: RandomStream.fromSeed(7),
    });
    const end = await runTraining(events, []);
    const after = Object.values(networksOf(game)).map(weightsOf);
    after.forEach((weights, i) => expect(weights).not.toEqual(before[i]));
    expect(Object.keys(end.losses).sort()).toEqual(
      [
        'discriminator',
        'generator',
        ...terms.map(({ player, name }) => `${player}/${name}`),
      ].sort(),
    );
    disposeGame(game);
    variant.optimizers.generator.dispose();
    variant.optimizers.discriminator!.dispose();
    return after;
  };
  // Layers keep some constants from their first use on.
  const first = await play();
  const numTensors = tf.memory().numTensors;
  expect(await play()).toEqual(first);
  expect(tf.memory().numTensors).toBe(numTensors);
  const game = tinyGame(conditioning);
  const batch = tinyBatch([0, 1]);
  expectNoLeak(() => {
    tf.tidy(() => void picturesShown(game, batch, RandomStream.fromSeed(8)));
  });
  tf.dispose(batch);
  disposeGame(game);
}
