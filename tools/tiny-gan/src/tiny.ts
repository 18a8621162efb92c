import {
  type AdversarialLoss,
  type Dataset,
  RandomStream,
  type Sample,
  type Term,
  type Variant,
} from '@ganloom/core';
import { latentGame } from '@ganloom/games';
import { adam } from '@ganloom/optimizers';
import * as tf from '@tensorflow/tfjs';

/** A network with weights from a seed: initializers of tfjs ignore theirs. */
function seeded(layers: tf.layers.Layer[], random: RandomStream): tf.LayersModel {
  return withSeededWeights(tf.sequential({ layers }), random);
}

/** The network itself, with new weights. */
export function withSeededWeights(model: tf.LayersModel, random: RandomStream): tf.LayersModel {
  tf.tidy(() =>
    model.setWeights(
      model.weights.map((weight) => {
        const shape = weight.shape as number[];
        if (shape.length > 1) return random.normal(shape, 0, 0.3);
        return /gamma|variance/.test(weight.name) ? tf.ones(shape) : tf.zeros(shape);
      }),
    ),
  );
  return model;
}

/** A game on 8×8 pictures that a step of the cpu backend plays in a millisecond. */
export function tinyVariant(
  seed = 1,
  more: Partial<Pick<Variant<tf.Tensor>, 'terms' | 'loss' | 'discriminatorSteps'>> = {},
): Variant<tf.Tensor> {
  const random = RandomStream.fromSeed(seed);
  const { dense, batchNormalization, reshape, flatten, activation } = tf.layers;
  const generator = seeded(
    [
      dense({ units: 12, inputShape: [4], activation: 'relu' }),
      batchNormalization(),
      dense({ units: 64, activation: 'tanh' }),
      reshape({ targetShape: [8, 8, 1] }),
    ],
    random.fork('generator'),
  );
  const discriminator = seeded(
    [
      flatten({ inputShape: [8, 8, 1] }),
      dense({ units: 12 }),
      activation({ activation: 'relu' }),
      dense({ units: 1 }),
    ],
    random.fork('discriminator'),
  );
  return {
    name: 'tiny',
    game: latentGame({ generator, discriminator }),
    loss: softplusLoss,
    optimizers: {
      generator: adam({ learningRate: 0.01 }),
      discriminator: adam({ learningRate: 0.01 }),
    },
    ...more,
  };
}

export const softplusLoss: AdversarialLoss = {
  name: 'non-saturating',
  discriminator: (real, fake) =>
    tf.add(tf.mean(tf.softplus(tf.neg(real.logits))), tf.mean(tf.softplus(fake.logits))),
  generator: (fake) => tf.mean(tf.softplus(tf.neg(fake.logits))),
};

/** Notes in which order the trainer asked for which examples. */
export interface TinyData extends Dataset {
  readonly asked: number[][];
}

/** `size` pictures of one tone each; by default every other one is dark. */
export function tinyData(
  size = 40,
  tone = (i: number): number => (i % 2 === 0 ? 0.5 : -0.5),
): TinyData {
  const asked: number[][] = [];
  return {
    name: 'tiny',
    size,
    shapes: { images: [8, 8, 1] },
    asked,
    async batch(indices) {
      const chosen = Array.from(indices);
      asked.push(chosen);
      const pixels = chosen.flatMap((i) => Array<number>(64).fill(tone(i)));
      return { images: tf.tensor4d(pixels, [chosen.length, 8, 8, 1]) };
    },
  };
}

/** A term whose value is that of `value`, on the discriminator's side. */
export function discriminatorTerm(
  more: Pick<Term<tf.Tensor>, 'name' | 'value'> & Partial<Term<tf.Tensor>>,
): Term<tf.Tensor> {
  return { player: 'discriminator', weight: 1, ...more };
}

/** All weights of a variant's networks, in a list. */
export function weightsOf<S extends Sample>({ game }: Variant<S>): number[] {
  return [game.generator, game.discriminator].flatMap(({ models }) =>
    Object.values(models).flatMap(weightsIn),
  );
}

/** All weights of a network or a layer, in a list. */
export function weightsIn(part: Pick<tf.LayersModel, 'getWeights'>): number[] {
  return part.getWeights().flatMap((weight) => [...weight.dataSync()]);
}

export function disposeVariant<S extends Sample>({ game, optimizers }: Variant<S>): void {
  for (const player of ['generator', 'discriminator'] as const) {
    for (const model of Object.values(game[player].models)) model.dispose();
    optimizers[player]?.dispose();
  }
}
