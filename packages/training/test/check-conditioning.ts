import { picturesShown } from '@ganloom/tiny-gan';
import { useWasm } from '@ganloom/backend-wasm';
import { type Batch, type Dataset, RandomStream, type Term, type Variant } from '@ganloom/core';
import { nonSaturating, r1 } from '@ganloom/losses';
import { type Architecture, dcgan } from '@ganloom/models';
import { adam } from '@ganloom/optimizers';
import { conditionalGame, packed } from '@ganloom/games';
import { type Conditioning, labelColumn, type LabeledPictures } from '@ganloom/conditional';
import { expectNoLeak } from '@ganloom/test-tools';
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
  checkShapes(conditioning);
  checkSeeds(conditioning);
  checkGradients(conditioning);
  await checkSavedModels(conditioning);
  checkPacks(conditioning);
  await checkTraining(conditioning);
}

function checkShapes(conditioning: TriedConditioning): void {
  const game = tinyGame(conditioning);
  const { generator } = networksOf(game);
  expect(game.name).toBe(conditioning.name);
  expect(generator.inputs.map(({ shape }) => shape)).toEqual([
    [null, LATENT],
    [null, 1],
  ]);
  tf.tidy(() => {
    const batch = tinyBatch([2, 0, 0, 1, 2]);
    const fake = game.fake(batch, RandomStream.fromSeed(2));
    expect(fake.images.shape).toEqual([5, 8, 8, 1]);
    expect(fake.labels).toBeAllclose(batch.labels);
    expect(game.real(batch)).toEqual(batch);
    expect(game.critique(fake, batch, RandomStream.fromSeed(9)).logits.shape).toEqual([5, 1]);
    // Two of each class, in order, whatever the labels of the batch.
    const six = tinyBatch([2, 2, 2, 2, 2, 2]);
    const models = game.generator.models;
    const pictures = picturesShown(game, six, RandomStream.fromSeed(3), models);
    const latents = RandomStream.fromSeed(3).normal([6, LATENT]);
    const asked = generator.predict([latents, labelColumn([0, 0, 1, 1, 2, 2], CLASSES)]);
    expect(pictures).toBeAllclose(asked as tf.Tensor);
  });
  // One latent, one picture for each class.
  tf.tidy(() => {
    const latent = tf.tile(RandomStream.fromSeed(4).normal([1, LATENT]), [CLASSES, 1]);
    const labels = labelColumn([0, 1, 2], CLASSES);
    const pictures = generator.predict([latent, labels]) as tf.Tensor4D;
    const [first, ...others] = tf.unstack(pictures);
    for (const other of others) expect(other).not.toBeAllclose(first!);
    // Labels may come as floats, as JSON and canvases give them.
    expect(generator.predict([latent, tf.cast(labels, 'float32')]) as tf.Tensor).toBeAllclose(
      pictures,
    );
  });
  disposeGame(game);
}

function checkSeeds(conditioning: TriedConditioning): void {
  const games = [1, 1, 2].map((seed) => tinyGame(conditioning, seed));
  for (const player of ['generator', 'discriminator'] as const) {
    const [first, same, other] = games.map((game) => weightsOf(networksOf(game)[player]));
    expect(same).toEqual(first);
    expect(other).not.toEqual(first);
  }
  games.forEach(disposeGame);
}

function checkGradients(conditioning: TriedConditioning): void {
  const game = tinyGame(conditioning);
  const batch = tinyBatch([0, 1, 2, 0, 1, 2]);
  const nets = networksOf(game);
  const variables = Object.values(nets).flatMap((model) =>
    model.trainableWeights.map((weight) => weight.read() as tf.Variable),
  );
  tf.tidy(() => {
    const { grads } = tf.variableGrads(() => {
      const critique = game.critique(
        game.fake(batch, RandomStream.fromSeed(5)),
        batch,
        RandomStream.fromSeed(9),
      );
      return tf.addN(
        Object.values(critique).map((output) => tf.sum(tf.square(output))),
      ) as tf.Scalar;
    }, variables);
    for (const [name, gradient] of Object.entries(grads)) {
      const size = Math.max(...tf.abs(gradient).dataSync());
      expect(size, `gradient of ${name}`).toBeGreaterThan(0);
      expect(Number.isFinite(size), `gradient of ${name}`).toBe(true);
    }
    expect(Object.keys(grads)).toHaveLength(variables.length);
  });
  tf.dispose(batch);
  disposeGame(game);
}

/** Without this package, a saved generator draws the same, and can be trained on. */
async function checkSavedModels(conditioning: TriedConditioning): Promise<void> {
  const game = tinyGame(conditioning);
  const { generator } = networksOf(game);
  let artifacts: tf.io.ModelArtifacts;
  await generator.save(
    tf.io.withSaveHandler(async (given) => {
      artifacts = JSON.parse(JSON.stringify(given)) as tf.io.ModelArtifacts;
      artifacts.weightData = given.weightData!;
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(given) };
    }),
  );
  const loaded = await tf.loadLayersModel({ load: async () => artifacts });
  tf.tidy(() => {
    const inputs = [RandomStream.fromSeed(6).normal([3, LATENT]), labelColumn([2, 0, 1], CLASSES)];
    const drawn = loaded.predict(inputs) as tf.Tensor;
    expect(drawn).toBeAllclose(generator.predict(inputs) as tf.Tensor);
    const { grads } = tf.variableGrads(
      () => tf.sum(loaded.apply(inputs, { training: true }) as tf.Tensor),
      loaded.trainableWeights.map((weight) => weight.read() as tf.Variable),
    );
    expect(Object.keys(grads)).toHaveLength(loaded.trainableWeights.length);
  });
  loaded.dispose();
  disposeGame(game);
}

/** Of packs the discriminator says one thing, and further things of each picture where it was. */
function checkPacks(conditioning: TriedConditioning): void {
  const game = tinyGame(conditioning, 1, 2);
  const random = RandomStream.fromSeed(9);
  tf.tidy(() => {
    const batch = tinyBatch([0, 1, 2, 1]);
    const see = (labels: number[], degree: number) => {
      const real = { ...game.real(batch), labels: tf.tensor1d(labels, 'int32') };
      return packed(game, degree).critique(real, batch, random);
    };
    const { logits, ...others } = see([0, 1, 2, 1], 2);
    expect(logits.shape).toEqual([2, 1]);
    for (const output of Object.values(others)) expect(output.shape[0]).toBe(4);
    // Pictures 0 and 2 are the first pack: who sees labels sees whose they are.
    const seesLabels = networksOf(game).discriminator.inputs.length > 1;
    const [first, second] = see([2, 1, 0, 1], 2).logits.dataSync();
    const [before, same] = logits.dataSync();
    expect(second).toBe(same);
    expect(first !== before).toBe(seesLabels);
    const message = (received: number) =>
      `conditionalGame: the discriminator judges packs of degree (=2), got ${received}; ` +
      'give conditionalGame the degree that `packed` has';
    for (const other of [1, 4]) expect(() => see([0, 1, 2, 1], other)).toThrow(message(other));
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
