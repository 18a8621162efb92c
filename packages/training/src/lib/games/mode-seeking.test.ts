import {
  type Game,
  type Origin,
  RandomStream,
  type SampleLoss,
  type Term,
  type Variant,
} from '@ganloom/core';
import { projection } from '@ganloom/conditional';
import { conditionalGame, latentGame } from '@ganloom/games';
import { lossSensitive, modeSeeking, nonSaturating } from '@ganloom/losses';
import { dcgan } from '@ganloom/models';
import { sgd } from '@ganloom/optimizers';
import '@ganloom/test-tools';
import { disposeVariant, tinyData, tinyVariant } from '@ganloom/tiny-gan';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { descendGenerator } from '../../../test/descend';
import { encounterOf, meet } from '../encounter';
import { objective } from '../objective';
import { isAdversarial } from '../plan';
import { train } from '../train';
import { trainableVariables } from '../variables';

beforeAll(() => tf.setBackend('cpu'));

const random = () => RandomStream.fromSeed(3);

/** A generator of one layer, so that fakes are what their latents say. */
function linearGame() {
  const { dense, flatten, reshape } = tf.layers;
  const generator = tf.sequential({
    layers: [dense({ units: 4, inputShape: [3] }), reshape({ targetShape: [2, 2, 1] })],
  });
  const discriminator = tf.sequential({
    layers: [flatten({ inputShape: [2, 2, 1] }), dense({ units: 1 })],
  });
  return latentGame({ generator, discriminator });
}

function disposeGame({
  generator,
  discriminator,
}: Pick<Game, 'generator' | 'discriminator'>): void {
  for (const { models } of [generator, discriminator]) {
    for (const model of Object.values(models)) model.dispose();
  }
}

describe('a term sees what fakes are made from', () => {
  it('in a latent game', () => {
    const game = linearGame();
    tf.tidy(() => {
      const batch = { images: tf.ones([5, 2, 2, 1]) };
      meet(encounterOf(game, batch, random()), ({ fake, origin, generate }) => {
        expect(Object.keys(origin)).toEqual(['latents']);
        expect(origin['latents']!.shape).toEqual([5, 3]);
        expect(generate(origin, random())).toBeAllclose(fake);
        const others = { latents: tf.reverse(origin['latents']!, 0) };
        expect(generate(others, random())).toBeAllclose(tf.reverse(fake, 0));
        return tf.scalar(0);
      });
    });
    disposeGame(game);
  });

  it('in a conditional game, with the classes', () => {
    const game = conditionalGame({
      ...projection(),
      architecture: dcgan({
        image: { height: 8, width: 8, channels: 1 },
        latentSize: 4,
        filters: 2,
      }),
      classes: 3,
      random: random(),
    });
    tf.tidy(() => {
      const labels = tf.tensor1d([2, 0, 1], 'int32');
      const batch = { images: tf.ones([3, 8, 8, 1]), labels };
      meet(encounterOf(game, batch, random()), ({ fake, origin, generate }) => {
        expect(Object.keys(origin)).toEqual(['latents', 'labels']);
        expect(origin['labels']).toBe(labels);
        const stream = random().fork('fake');
        expect((generate(origin, stream) as { images: tf.Tensor }).images).toBeAllclose(
          (fake as { images: tf.Tensor }).images,
        );
        const zeros = tf.zeros([3], 'int32');
        const again = generate({ ...origin, labels: zeros }, stream);
        expect((again as { labels: tf.Tensor }).labels).toBe(zeros);
        return tf.scalar(0);
      });
    });
    disposeGame(game);
  });
});

it('modeSeeking is descended along its slope', () => {
  const variant: Variant<tf.Tensor> = {
    name: 'seeking',
    game: linearGame(),
    loss: nonSaturating(),
    terms: [modeSeeking({ weight: 0.5 })],
    optimizers: {
      generator: sgd({ learningRate: 1 }),
      discriminator: sgd({ learningRate: 1 }),
    },
  };
  if (!isAdversarial(variant)) throw new Error('it has a loss');
  const { game, loss, terms = [] } = variant;
  tf.tidy(() => {
    const batch = { images: random().normal([4, 2, 2, 1]) };
    const weights = trainableVariables(game.generator);
    const before = weights.map((weight) => tf.tensor(weight.dataSync(), weight.shape));
    const directions = weights.map(({ shape }, i) => random().fork(`${i}`).normal(shape, 0, 0.3));
    const at = (distance: number) => {
      weights.forEach((w, i) => w.assign(tf.add(before[i]!, tf.mul(directions[i]!, distance))));
      const value = meet(encounterOf(game, batch, random()), (context) => {
        const adversarial = loss.generator(context.fakeCritique(), context.realCritique, context);
        return objective('generator', adversarial, terms, context, 1, undefined);
      });
      weights.forEach((w, i) => w.assign(before[i]!));
      return value.dataSync()[0]!;
    };
    const central = (h: number) => (at(h) - at(-h)) / (2 * h);
    const measured = (4 * central(0.01) - central(0.02)) / 3;
    descendGenerator(variant, batch, 1, random());
    const changes = weights.map((w, i) => tf.sum(tf.mul(tf.sub(before[i]!, w), directions[i]!)));
    expect(tf.addN(changes)).toBeAllclose([measured], { rtol: 5e-3, atol: 1e-4 });
  });
  disposeVariant(variant);
});

it('a loss of samples sees them on both sides, in updates that are foreseen too', async () => {
  const seen: string[] = [];
  const note = (side: string, origin: Origin) => seen.push(`${side} ${Object.keys(origin)}`);
  const inner = lossSensitive();
  const loss: SampleLoss<tf.Tensor> = {
    ...inner,
    discriminator(onReal, onFake, context) {
      note('D', context.origin);
      return inner.discriminator(onReal, onFake, context);
    },
    generator(onFake, onReal, context) {
      note('G', context.origin);
      expect(context.fake.shape).toEqual(context.real.shape);
      return inner.generator(onFake, onReal, context);
    },
  };
  const variant = { ...tinyVariant(), loss, unrolledSteps: 1 };
  const options = { steps: 2, batchSize: 8, random: RandomStream.fromSeed(5) };
  const before = tf.memory().numTensors;
  for await (const _ of train(variant, tinyData(), options));
  const step = ['D latents', 'D latents', 'G latents'];
  expect(seen).toEqual([...step, ...step]);
  // Two optimizers remember their moments.
  const remembered = tf.memory().numTensors - before;
  for await (const _ of train(variant, tinyData(), { ...options, steps: 1 }));
  expect(tf.memory().numTensors - before).toBe(remembered);
  disposeVariant(variant);
});

it('a game that says nothing has an empty origin, and terms say what they need', async () => {
  const { game, ...rest } = tinyVariant();
  const { origin: _, ...silent } = game;
  const terms: Term<tf.Tensor>[] = [modeSeeking()];
  const variant = { ...rest, game: silent, terms };
  const options = { steps: 1, batchSize: 8, random: random() };
  const training = async () => {
    for await (const _event of train(variant, tinyData(), options));
  };
  await expect(training()).rejects.toThrow('modeSeeking: the game must say from which "latents"');
  disposeVariant(variant);
});
