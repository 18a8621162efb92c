import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { cloneModel } from './clone-model';

it('copies architecture and weights, and shares no memory', async () => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 2, inputShape: [3] }), tf.layers.batchNormalization()],
  });
  const copy = await cloneModel(model);
  const x = tf.randomNormal([4, 3]);
  const before = (model.predict(x) as tf.Tensor).dataSync();
  expect((copy.predict(x) as tf.Tensor).dataSync()).toEqual(before);
  expect(copy.toJSON()).toEqual(model.toJSON());
  model.setWeights(model.getWeights().map((w) => tf.zerosLike(w)));
  expect((copy.predict(x) as tf.Tensor).dataSync()).toEqual(before);
});
