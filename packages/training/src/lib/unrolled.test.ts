import { type Batch, type Optimizer, RandomStream, type Variant } from '@ganloom/core';
import { installGradients } from '@ganloom/gradients';
import { disposeVariant, tinyData, tinyVariant, weightsOf } from '@ganloom/tiny-gan';
import { adam, clipGradients, clipWeights, linearDecay, rmsProp, sgd } from '@ganloom/optimizers';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { encounterOf, meet } from './encounter';
import { descendDiscriminator, descendGenerator } from '../../test/descend';
import { isAdversarial } from './plan';
import { train } from './train';
import { trainableVariables } from './variables';

beforeAll(async () => {
  await tf.setBackend('cpu');
  installGradients();
});

type Tiny = Variant<tf.Tensor>;

const random = () => RandomStream.fromSeed(3);

async function batchOf8(): Promise<Batch> {
  return tinyData().batch(Array.from({ length: 8 }, (_, i) => i));
}

function unrolling(discriminator: Optimizer, unrolledSteps: number): Tiny {
  const { optimizers, ...tiny } = tinyVariant();
  optimizers.generator.dispose();
  optimizers.discriminator!.dispose();
  return {
    ...tiny,
    // Steps of length one along the gradient, so that weights tell it.
    optimizers: { generator: sgd({ learningRate: 1 }), discriminator },
    unrolledSteps,
  };
}

/** Really plays `k` updates of D on the samples that G's step would see; then G's loss. */
function lossAfter(variant: Tiny, batch: Batch, k: number): number {
  if (!isAdversarial(variant)) throw new Error('needs a loss');
  return tf.tidy(() => {
    const fake = variant.game.fake(batch, random().fork('fake'));
    const game = { ...variant.game, fake: () => fake };
    for (let i = 0; i < k; i++) {
      descendDiscriminator({ ...variant, game }, batch, 1, random());
    }
    const { loss } = variant;
    return meet(encounterOf(game, batch, random()), (context) =>
      loss.generator(context.fakeCritique(), context.fakeCritique, context),
    ).dataSync()[0]!;
  });
}

describe.each([
  ['sgd', () => sgd({ learningRate: 0.3 })],
  ['sgd with momentum', () => sgd({ learningRate: 0.2, momentum: 0.7 })],
  // With its usual ε, a first update is a sign, which has no slope to compare.
  ['adam', () => adam({ learningRate: 0.05, beta1: 0.5, epsilon: 0.1 })],
  [
    'adam with a schedule',
    () => adam({ learningRate: linearDecay({ from: 0.1, to: 0.01, updates: 4 }), epsilon: 0.1 }),
  ],
  ['rms-prop', () => rmsProp({ learningRate: 0.02, decay: 0.9, epsilon: 0.1 })],
  ['clipped gradients', () => clipGradients(sgd({ learningRate: 0.3 }), { norm: 0.2 })],
  ['clipped weights', () => clipWeights(sgd({ learningRate: 0.3 }), { limit: 0.4 })],
] as const)('%s', (_name, optimizer) => {
  it.each([
    [1, 0],
    [3, 0],
    [3, 2],
  ])('foresees %i updates, %i having been made', async (k, made) => {
    const batch = await batchOf8();
    const variant = unrolling(optimizer(), k);
    for (let i = 0; i < made; i++) {
      descendDiscriminator(variant as never, batch, 1, random());
    }
    const { generator, discriminator } = variant.game;
    const theta = trainableVariables(generator);
    const before = theta.map((v) => v.arraySync() as tf.TensorLike);
    const ofDiscriminator = discriminator.models['discriminator']!.getWeights();
    const kept = ofDiscriminator.map((w) => [...w.dataSync()]);
    const slots = () => {
      const named = Object.fromEntries(
        trainableVariables(discriminator).map((v, i) => [`${i}`, v]),
      );
      return variant.optimizers.discriminator!.slots(named);
    };
    const memory = Object.entries(slots()).map(([name, s]) => [name, [...s.dataSync()]] as const);

    const numTensors = tf.memory().numTensors;
    descendGenerator(variant, batch, 1, random());
    expect(tf.memory().numTensors).toBe(numTensors);
    // D and its optimizer are as they were.
    const after = discriminator.models['discriminator']!.getWeights();
    expect(after.map((w) => [...w.dataSync()])).toEqual(kept);
    expect(Object.entries(slots()).map(([name, s]) => [name, [...s.dataSync()]])).toEqual(memory);

    const gradient = theta.map((v, i) => tf.tidy(() => [...tf.sub(before[i]!, v).dataSync()]));
    // Along a random direction, against updates that are really made by a copy of D.
    const direction = theta.map((v, i) => RandomStream.fromSeed(40 + i).normal(v.shape));
    const derivative = direction.reduce(
      (sum, d, i) => sum + [...d.dataSync()].reduce((s, x, j) => s + x * gradient[i]![j]!, 0),
      0,
    );
    const copies = ofDiscriminator.map((w) => tf.clone(w).mul(1));
    const named = Object.fromEntries(trainableVariables(discriminator).map((v, i) => [`${i}`, v]));
    const copiedSlots = Object.fromEntries(
      Object.entries(slots()).map(([name, slot]) => [name, slot.mul(tf.scalar(1, slot.dtype))]),
    );
    const at = (h: number) => {
      theta.forEach((v, i) => tf.tidy(() => v.assign(tf.add(before[i]!, direction[i]!.mul(h)))));
      const loss = lossAfter(variant, batch, k);
      discriminator.models['discriminator']!.setWeights(copies);
      variant.optimizers.discriminator!.restore(named, copiedSlots);
      return loss;
    };
    const h = 2e-3;
    const numeric = (at(h) - at(-h)) / (2 * h);
    expect(Math.abs(derivative)).toBeGreaterThan(0.01);
    expect(Math.abs(derivative - numeric)).toBeLessThan(0.02 * Math.abs(numeric) + 2e-3);
    tf.dispose([batch, direction, copies, copiedSlots]);
    disposeVariant(variant);
  });
});

it('makes another gradient than the discriminator of now', async () => {
  const batch = await batchOf8();
  const weights = [0, 1].map((k) => {
    const variant = unrolling(sgd({ learningRate: 0.3 }), k);
    descendGenerator(variant, batch, 1, random());
    const end = weightsOf(variant);
    disposeVariant(variant);
    return end;
  });
  expect(weights[0]).not.toEqual(weights[1]);
  tf.dispose(batch);
});

it('is trained by the trainer, to the same bits each time, with what remembers put back', async () => {
  const play = async () => {
    const updates = tf.tidy(() => tf.variable(tf.scalar(0), false));
    const tiny = tinyVariant();
    const variant: Tiny = {
      ...tiny,
      loss: {
        ...tiny.loss!,
        state: { updates },
        discriminator(real, fake, context) {
          updates.assign(updates.add(1));
          return tiny.loss!.discriminator(real, fake, context);
        },
      },
      unrolledSteps: 2,
    };
    const options = { steps: 3, batchSize: 8, random: RandomStream.fromSeed(5) };
    for await (const _ of train(variant, tinyData(), options));
    // Once in each step of D, and never in those that are only foreseen.
    expect(updates.dataSync()[0]).toBe(3);
    updates.dispose();
    const end = weightsOf(variant);
    disposeVariant(variant);
    return end;
  };
  expect(await play()).toEqual(await play());
});

it('refuses what it cannot unroll', async () => {
  const run = async (variant: Tiny) => {
    const options = { steps: 1, batchSize: 8, random: RandomStream.fromSeed(5) };
    for await (const _ of train(variant, tinyData(), options));
  };
  const tiny = tinyVariant();
  await expect(run({ ...tiny, unrolledSteps: 1.5 })).rejects.toThrow(
    'train: unrolledSteps of "tiny" must be an integer of at least 0, got 1.5',
  );
  const { rehearse: _, ...discriminator } = adam();
  const optimizers = { ...tiny.optimizers, discriminator };
  await expect(run({ ...tiny, optimizers, unrolledSteps: 1 })).rejects.toThrow(
    'optimizer that can rehearse, such as adam or sgd, got adam',
  );
  disposeVariant(tiny);
});
