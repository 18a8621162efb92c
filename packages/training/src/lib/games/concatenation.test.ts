import { RandomStream } from '@ganloom/core';
import { concatenation } from '@ganloom/conditional';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import {
  checkConditioning,
  disposeGame,
  tinyBatch,
  tinyGame,
} from '../../../test/check-conditioning';

it('is a conditioning', () => checkConditioning(concatenation()));

it('puts a map for each picture that is judged with others beside them', () => {
  const { discriminator } = tinyGame(concatenation(), 1, 2).discriminator.models;
  tf.tidy(() => {
    const pair = RandomStream.fromSeed(2).normal([3, 8, 8, 2]);
    const labels = tf.tensor2d([2, 1, 0, 1, 1, 0], [3, 2], 'int32');
    const { output } = discriminator!.getLayer('picture_and_class');
    const seen = tf.model({ inputs: discriminator!.inputs, outputs: output });
    const table = discriminator!.getLayer('class_map_table').getWeights()[0] as tf.Tensor2D;
    const maps = tf
      .split(labels, 2, 1)
      .map((column) => tf.reshape(tf.gather(table, column), [3, 8, 8, 1]));
    expect(seen.predict([pair, labels]) as tf.Tensor).toBeAllclose(tf.concat([pair, ...maps], 3));
  });
  discriminator!.dispose();
});

it('puts a vector of the class beside the latent, and a map beside the picture', () => {
  const game = tinyGame(concatenation());
  const tap = (model: tf.LayersModel, name: string, inputs: tf.Tensor[]) =>
    tf
      .model({ inputs: model.inputs, outputs: model.getLayer(name).output })
      .predict(inputs) as tf.Tensor;
  tf.tidy(() => {
    const { images, labels } = tinyBatch([2, 0, 1]);
    const column = tf.reshape(labels, [3, 1]);

    const generator = game.generator.models['generator']!;
    const latents = RandomStream.fromSeed(1).normal([3, 4]);
    const vectors = generator.getLayer('class_vector_table').getWeights()[0] as tf.Tensor2D;
    expect(tap(generator, 'latent_and_class', [latents, column])).toBeAllclose(
      tf.concat([latents, tf.gather(vectors, labels)], 1),
    );

    const discriminator = game.discriminator.models['discriminator']!;
    const maps = discriminator.getLayer('class_map_table').getWeights()[0] as tf.Tensor2D;
    const beside = tf.reshape(tf.gather(maps, labels), [3, 8, 8, 1]);
    expect(tap(discriminator, 'picture_and_class', [images, column])).toBeAllclose(
      tf.concat([images, beside], 3),
    );
  });
  disposeGame(game);
});
