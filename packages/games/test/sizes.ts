import type { RandomStream } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { fadeLayer } from '../src/lib/fade-layer';
import { inARow, withSeededWeights } from './networks';

type Symbolic = tf.SymbolicTensor;

/** Networks of 1×1 pictures, and of 2×2 ones that go on from their layers. */
export function networksOfSizes(random: RandomStream) {
  const { averagePooling2d, conv2d, dense, flatten, reshape, upSampling2d } = tf.layers;
  const inOrder = (x: Symbolic, ...layers: tf.layers.Layer[]) =>
    layers.reduce((at, layer) => layer.apply(at) as Symbolic, x);
  const base = [dense({ units: 3 }), reshape({ targetShape: [1, 1, 3] })];
  const toPicture = conv2d({ filters: 1, kernelSize: 1 });
  const judge = [flatten(), dense({ units: 1 })];
  const fromPicture = conv2d({ filters: 2, kernelSize: 1 });

  const [latents, share] = [tf.input({ shape: [2] }), tf.input({ shape: [1] })];
  const picture = tf.input({ shape: [2, 2, 1] });
  const fade = (old: Symbolic, fresh: Symbolic) =>
    fadeLayer().apply([old, fresh, share]) as Symbolic;
  const double = () => upSampling2d({ size: [2, 2] });
  const features = inOrder(latents, ...base);
  const models = {
    small: {
      generator: inARow([2], ...base, toPicture),
      discriminator: inARow([1, 1, 1], fromPicture, ...judge),
    },
    large: {
      generator: tf.model({
        inputs: [latents, share],
        outputs: fade(
          inOrder(features, toPicture, double()),
          inOrder(features, double(), conv2d({ filters: 1, kernelSize: 1 })),
        ),
      }),
      discriminator: tf.model({
        inputs: [picture, share],
        outputs: inOrder(
          fade(
            inOrder(picture, averagePooling2d({ poolSize: 2 }), fromPicture),
            inOrder(picture, conv2d({ filters: 2, kernelSize: 2 })),
          ),
          ...judge,
        ),
      }),
    },
  };
  for (const [size, { generator, discriminator }] of Object.entries(models)) {
    withSeededWeights(generator, random.fork(`${size}-g`));
    withSeededWeights(discriminator, random.fork(`${size}-d`));
  }
  return models;
}
