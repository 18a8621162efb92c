import { type Batch, type Game, mapSample, pack, RandomStream, type Sampler } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import { checkGame } from './check-game';

/** What a game of classes shows its discriminator. */
export type ClassedPictures = { readonly images: tf.Tensor4D; readonly labels: tf.Tensor };

/** How a game of classes is made. */
export interface MakeClassedGame {
  /** Of the first weights. */
  readonly seed: number;
  /** How many pictures, each with its class, the discriminator judges together. */
  readonly degree: number;
}

/**
 * What holds for every way in which networks learn of classes, beside what {@link checkGame} asks of the
 * game that is made of it:
 * - weights follow the seed;
 * - fakes show the classes of the batch, and samples to look at all classes in order where there are as
 *   many rows of them;
 * - one latent makes another picture for each class;
 * - the networks are saved and loaded as plain models, draw the same, and have gradients;
 * - of packs the discriminator says one thing, and further things of each picture where it was; if it
 *   takes classes, it sees whose they are.
 *
 * @param make the game, whose discriminator judges packs that are already put together; it is disposed
 *   here
 * @param batch `images` and `labels`, of an even number; the caller disposes it
 */
export async function checkConditioning(
  make: (how: MakeClassedGame) => Game<ClassedPictures>,
  batch: Batch,
): Promise<void> {
  await tried(make({ seed: 1, degree: 1 }), (game) => {
    checkGame(game, batch);
    checkClasses(game, batch);
  });
  await tried(make({ seed: 1, degree: 1 }), checkSaved);
  await tried(make({ seed: 1, degree: 2 }), (game) => tf.tidy(() => checkPacks(game, batch)));
  const bits = [1, 1, 2].map((seed) => {
    const game = make({ seed, degree: 1 });
    const weights = networksOf(game).map(weightsOf);
    disposeNetworks(game);
    return weights;
  });
  expect(bits[1], 'the same weights for the same seed').toEqual(bits[0]);
  bits[2]!.forEach((weights, i) =>
    expect(weights, 'other weights for another seed').not.toEqual(bits[0]![i]),
  );
}

async function tried(
  game: Game<ClassedPictures>,
  check: (game: Game<ClassedPictures>) => void | Promise<void>,
): Promise<void> {
  try {
    await check(game);
  } finally {
    disposeNetworks(game);
  }
}

/** The generator that a user asks for classes, and what it takes. */
function asked({ name, generator, samplers }: Game<ClassedPictures>) {
  const [key, sampler] = Object.entries(samplers ?? {})[0] ?? [];
  const input = sampler?.inputs.find(({ kind }) => kind === 'class');
  if (input?.kind !== 'class') {
    throw new Error(
      `${name}: "samplers" must say which input of the generator takes a class, got none`,
    );
  }
  return { model: generator.models[key!]!, sampler: sampler!, classes: input.classes };
}

/** Inputs of a generator: latents from a stream, the same in each row if `isOne`, and these classes. */
function inputsOf(
  { inputs }: Sampler,
  labels: tf.Tensor2D,
  random: RandomStream,
  isOne = false,
): tf.Tensor[] {
  const count = labels.shape[0];
  return inputs.map((input, i) => {
    if (input.kind === 'class') return labels;
    const drawn = random.fork(`input-${i}`).normal([isOne ? 1 : count, ...input.shape]);
    return isOne ? tf.tile(drawn, [count, ...input.shape.map(() => 1)]) : drawn;
  });
}

const columnOf = (count: number): tf.Tensor2D =>
  tf.tensor2d(
    Array.from({ length: count }, (_, i) => [i]),
    [count, 1],
    'int32',
  );

function checkClasses(game: Game<ClassedPictures>, batch: Batch): void {
  const { model, sampler, classes } = asked(game);
  tf.tidy(() => {
    const fake = game.fake(batch, RandomStream.fromSeed(2));
    expect([...fake.labels.dataSync()], 'classes of fakes').toEqual([
      ...batch['labels']!.dataSync(),
    ]);
    const labels = columnOf(classes);
    const latents = inputsOf(sampler, labels, RandomStream.fromSeed(4), true);
    const pictures = model.predict(latents) as tf.Tensor4D;
    const rows = tf.unstack(pictures).map((row) => [...row.dataSync()]);
    for (let i = 1; i < classes; i++) {
      expect(rows[i], `the picture of class ${i} beside that of class 0`).not.toEqual(rows[0]);
    }
    // Labels may come as floats, as JSON and canvases give them.
    const floats = latents.map((input, i) =>
      sampler.inputs[i]!.kind === 'class' ? tf.cast(input, 'float32') : input,
    );
    expect(model.predict(floats) as tf.Tensor).toBeAllclose(pictures);
  });
}

async function checkSaved(game: Game<ClassedPictures>): Promise<void> {
  const { model, sampler, classes } = asked(game);
  let artifacts: tf.io.ModelArtifacts;
  await model.save(
    tf.io.withSaveHandler(async (given) => {
      artifacts = JSON.parse(JSON.stringify(given)) as tf.io.ModelArtifacts;
      artifacts.weightData = given.weightData!;
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(given) };
    }),
  );
  const loaded = await tf.loadLayersModel({ load: async () => artifacts });
  tf.tidy(() => {
    const inputs = inputsOf(sampler, columnOf(classes), RandomStream.fromSeed(6));
    expect(loaded.predict(inputs) as tf.Tensor).toBeAllclose(model.predict(inputs) as tf.Tensor);
    const { grads } = tf.variableGrads(
      () => tf.sum(loaded.apply(inputs, { training: true }) as tf.Tensor),
      loaded.trainableWeights.map((weight) => weight.read() as tf.Variable),
    );
    expect(Object.keys(grads), 'gradients of the loaded network').toHaveLength(
      loaded.trainableWeights.length,
    );
  });
  loaded.dispose();
}

function checkPacks(game: Game<ClassedPictures>, batch: Batch): void {
  const count = batch['labels']!.shape[0]!;
  const twos = <T extends Batch>(of: T) => mapSample(of, (tensor) => pack(tensor, 2)) as T;
  const real = game.real(batch);
  const classes = [...real.labels.dataSync()];
  // The first picture gets the class of another one.
  const other = classes.find((label) => label !== classes[0])!;
  const see = (labels: number[]) =>
    game.critique(
      twos({ ...real, labels: tf.tensor1d(labels, 'int32') }) as ClassedPictures,
      twos(batch),
      RandomStream.fromSeed(9),
    );
  const { logits, ...others } = see(classes);
  expect(logits.shape[0], 'logits of packs of two').toBe(count / 2);
  for (const [name, output] of Object.entries(others)) {
    expect(output.shape[0], `${name} of pictures in packs`).toBe(count);
  }
  const takesClasses = Object.values(game.discriminator.models).some(
    ({ inputs }) => inputs.length > 1,
  );
  const [before, after] = [logits, see([other, ...classes.slice(1)]).logits].map((all) => [
    ...all.dataSync(),
  ]);
  expect(
    before![0] !== after![0],
    'the first pack changes with its class if the discriminator takes classes',
  ).toBe(takesClasses);
  expect(after!.slice(1), 'the other packs stay').toEqual(before!.slice(1));
}

function networksOf({ generator, discriminator }: Game<ClassedPictures>): tf.LayersModel[] {
  return [...Object.values(generator.models), ...Object.values(discriminator.models)];
}

const weightsOf = (model: tf.LayersModel) =>
  model.getWeights().map((weights) => [...weights.dataSync()]);

function disposeNetworks(game: Game<ClassedPictures>): void {
  for (const model of networksOf(game)) model.dispose();
}
