import type { LabeledPictures } from '@ganloom/conditional';
import { RandomStream } from '@ganloom/core';
import { packed } from '@ganloom/games';
import { projection } from '@ganloom/conditional';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import {
  checkConditioning,
  disposeGame,
  tinyBatch,
  tinyGame,
} from '../../../test/check-conditioning';

it('is a conditioning', () => checkConditioning(projection()));

it('adds a product for each picture that is judged with others, with vectors of its place', () => {
  const game = tinyGame(projection(), 1, 2);
  const discriminator = game.discriminator.models['discriminator']!;
  tf.tidy(() => {
    const { images, labels } = tinyBatch([2, 0, 1, 1]);
    // Pack 0 is the pictures 0 and 2, pack 1 the pictures 1 and 3.
    const [above, below] = tf.split(images, 2) as [tf.Tensor, tf.Tensor];
    const [first, second] = tf.split(labels, 2) as [tf.Tensor1D, tf.Tensor1D];
    const columns = [first, second].map((half) => tf.reshape(half, [2, 1]));
    const inputs = [tf.concat([above, below], 3), ...columns];
    const tap = (name: string) =>
      tf
        .model({ inputs: discriminator.inputs, outputs: discriminator.getLayer(name).output })
        .predict(inputs) as tf.Tensor2D;
    const [features, psi] = [tap('flat'), tap('logit')];
    const product = (name: string, half: tf.Tensor1D) => {
      const vectors = discriminator.getLayer(name).getWeights()[0] as tf.Tensor2D;
      return tf.sum(tf.mul(features, tf.gather(vectors, half)), 1, true);
    };
    const products = [product('class_direction', first), product('class_direction_1', second)];
    const { logits } = packed(game, 2).critique(
      { images, labels } as LabeledPictures,
      { images: images! },
      RandomStream.fromSeed(1),
    );
    expect(logits).toBeAllclose(tf.addN([psi, ...products]));
    expect(products[0]!).not.toBeAllclose(products[1]!);
  });
  disposeGame(game);
});

it('adds the product of the features with a vector of the class to the logit', () => {
  const game = tinyGame(projection());
  const discriminator = game.discriminator.models['discriminator']!;
  tf.tidy(() => {
    const { images, labels } = tinyBatch([2, 0, 1]);
    const inputs = [images, tf.reshape(labels, [3, 1])];
    const tap = (name: string) =>
      tf
        .model({ inputs: discriminator.inputs, outputs: discriminator.getLayer(name).output })
        .predict(inputs) as tf.Tensor2D;
    const [features, psi] = [tap('flat'), tap('logit')];
    const vectors = discriminator.getLayer('class_direction').getWeights()[0] as tf.Tensor2D;
    const own = tf.gather(vectors, labels);
    const product = tf.sum(tf.mul(features, own), 1, true);
    const logits = discriminator.predict(inputs) as tf.Tensor;
    expect(logits).toBeAllclose(tf.add(psi, product));
    expect(logits).not.toBeAllclose(psi);
  });
  disposeGame(game);
});
