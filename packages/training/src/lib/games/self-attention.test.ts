import { RandomStream, type Variant } from '@ganloom/core';
import { latentGame } from '@ganloom/games';
import { nonSaturating, r1 } from '@ganloom/losses';
import { dcgan, discriminatorOf, generatorOf, selfAttentionLayer } from '@ganloom/models';
import { adam } from '@ganloom/optimizers';
import { disposeVariant, tinyData } from '@ganloom/tiny-gan';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { train } from '../train';

beforeAll(() => tf.setBackend('cpu'));

it.each([false, true])(
  'a DCGAN with attention in both networks trains under R1, spectral norm %s',
  async (spectralNorm) => {
    const random = RandomStream.fromSeed(1);
    const architecture = dcgan({
      image: { height: 8, width: 8, channels: 1 },
      latentSize: 4,
      filters: 4,
      afterStage: (x, { player, stage }) =>
        selfAttentionLayer({ name: `${player}_${stage}_attention`, spectralNorm }).apply(
          x,
        ) as tf.SymbolicTensor,
    });
    const networks = {
      generator: generatorOf(architecture, { random: random.fork('g') }),
      discriminator: discriminatorOf(architecture, { random: random.fork('d') }),
    };
    const attention = Object.values(networks).flatMap(({ layers }) =>
      layers.filter((layer) => layer.getClassName() === 'SelfAttention'),
    );
    expect(attention).toHaveLength(2);
    const variant: Variant<tf.Tensor> = {
      name: 'attentive',
      game: latentGame(networks),
      loss: nonSaturating(),
      terms: [r1()],
      optimizers: {
        generator: adam({ learningRate: 0.01 }),
        discriminator: adam({ learningRate: 0.01 }),
      },
    };
    const read = () =>
      attention.map((layer) => layer.trainableWeights.map((w) => [...w.read().dataSync()]));
    const before = read();
    const options = { batchSize: 4, random: random.fork('training') };
    for await (const event of train(variant, tinyData(), { ...options, steps: 3 })) {
      if (event.type !== 'metrics') continue;
      expect(Object.values(event.losses).every(Number.isFinite)).toBe(true);
    }
    // γ leaves 0 in the first step, and from the second on the maps learn too.
    read().forEach((weights, i) =>
      weights.forEach((values, j) => expect(values).not.toEqual(before[i]![j])),
    );
    const kept = tf.memory().numTensors;
    for await (const _ of train(variant, tinyData(), { ...options, steps: 2 }));
    expect(tf.memory().numTensors).toBe(kept);
    disposeVariant(variant);
  },
);
