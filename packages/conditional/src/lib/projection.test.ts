import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { checkConditioning, disposeGame, tinyBatch, tinyGame } from './check-conditioning';
import { projection } from './projection';

it('is a conditioning', () => checkConditioning(projection()));

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
