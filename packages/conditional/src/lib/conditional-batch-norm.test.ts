import { RandomStream } from '@ganloom/core';
import { initialize } from '@ganloom/models';
import '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { conditionalBatchNorm } from './conditional-batch-norm';

/** One normalization of pictures 1×2 of two channels, for two classes. */
function tinyModel(): tf.LayersModel {
  const x = tf.input({ shape: [1, 2, 2] });
  const label = tf.input({ shape: [1], dtype: 'int32' });
  return tf.model({ inputs: [x, label], outputs: conditionalBatchNorm(label, 2)(x, 'norm') });
}

it('standardizes over the batch, then scales and shifts by class', () => {
  const model = tinyModel();
  model.getLayer('norm_gamma').setWeights([tf.tensor2d([1, 2, 3, -1], [2, 2])]);
  model.getLayer('norm_beta').setWeights([tf.tensor2d([0, 10, 5, 0], [2, 2])]);
  tf.tidy(() => {
    // The channels have the means 3 and 0 and the variances 5 and 1.
    const x = tf.tensor4d([0, -1, 2, 1, 4, -1, 6, 1], [2, 1, 2, 2]);
    const label = tf.tensor2d([1, 0], [2, 1], 'int32');
    const y = model.apply([x, label], { training: true }) as tf.Tensor;
    const s = Math.sqrt(5 + 1e-5);
    const one = Math.sqrt(1 + 1e-5);
    expect(y).toBeAllclose([
      (3 * -3) / s + 5,
      1 / one,
      (3 * -1) / s + 5,
      -1 / one, //
      1 / s,
      10 - 2 / one,
      3 / s,
      10 + 2 / one,
    ]);
  });
  model.dispose();
});

it('begins with scales about 1 and shifts of 0, and learns nothing else', () => {
  const model = initialize(tinyModel(), RandomStream.fromSeed(1));
  const [gamma] = model.getLayer('norm_gamma').getWeights();
  expect(gamma!).toBeAllclose([1, 1, 1, 1], { atol: 0.1 });
  expect(new Set(gamma!.dataSync()).size).toBe(4);
  expect(model.getLayer('norm_beta').getWeights()[0]!).toBeAllclose([0, 0, 0, 0]);
  const learns = model.trainableWeights.map(({ originalName }) => originalName);
  expect(learns.sort()).toEqual(['norm_beta/embeddings', 'norm_gamma/embeddings']);
  model.dispose();
});
