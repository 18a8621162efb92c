import { RandomStream } from '@ganloom/core';
import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { pixelShuffle, pixelShuffleLayer } from './pixel-shuffle';

beforeAll(() => tf.setBackend('cpu'));

it.each([
  [2, 3],
  [4, 1],
  [3, 2],
])(
  'is depthToSpace at scale %i with %i channels, as is the stock layer',
  async (scale, channels) => {
    const input = tf.input({ shape: [null, null, scale ** 2 * channels] });
    const layer = pixelShuffleLayer({ name: `shuffle${scale}`, scale, channels });
    const model = tf.model({ inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor });
    expect(model.outputs[0]!.shape).toEqual([null, null, null, channels]);
    expect(model.trainableWeights).toEqual([]);
    type Topology = Parameters<typeof tf.models.modelFromJSON>[0];
    const plain = await tf.models.modelFromJSON(model.toJSON(null, false) as Topology);
    plain.setWeights(model.getWeights());

    tf.tidy(() => {
      const x = RandomStream.fromSeed(1).normal([2, 3, 5, scale ** 2 * channels]) as tf.Tensor4D;
      const expected = tf.depthToSpace(x, scale);
      const exactly = { rtol: 0, atol: 0 };
      expect(pixelShuffle(x, scale)).toBeAllclose(expected, exactly);
      expect(model.apply(x) as tf.Tensor).toBeAllclose(expected, exactly);
      expect(plain.apply(x) as tf.Tensor).toBeAllclose(expected, exactly);
    });
    model.dispose();
    plain.dispose();
  },
);

it('has the values computed by hand, and their gradient', () => {
  tf.tidy(() => {
    const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 2, 4]);
    expect(pixelShuffle(x, 2)).toBeAllclose(tf.tensor4d([1, 2, 5, 6, 3, 4, 7, 8], [1, 2, 4, 1]));
    // Each value goes to one pixel, and gets that pixel's gradient back.
    const weights = tf.tensor4d([10, 20, 30, 40, 50, 60, 70, 80], [1, 2, 4, 1]);
    const gradient = tf.grad((v) => tf.sum(tf.mul(pixelShuffle(v as tf.Tensor4D, 2), weights)))(x);
    expect(gradient).toBeAllclose(tf.tensor4d([10, 20, 50, 60, 30, 40, 70, 80], [1, 1, 2, 4]));
  });
  const x = tf.ones([1, 1, 1, 4]) as tf.Tensor4D;
  expectNoLeak(() => pixelShuffle(x, 2));
  x.dispose();
});
