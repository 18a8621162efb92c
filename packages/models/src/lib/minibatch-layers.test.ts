import '@ganloom/test-tools';
import { RandomStream } from '@ganloom/core';
import { minibatchDiscriminationLayer } from '@ganloom/losses';
import { modelOf } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { heInitialize } from './he-initialize';
import { initialize } from './initialize';

describe('minibatch discrimination', () => {
  beforeAll(async () => void (await tf.setBackend('cpu')));

  it.each([
    [8, 2, 5, 1],
    [64, 16, 5, 10],
    [300, 4, 30, 3],
    [4000, 10, 20, 5],
  ])(
    'begins near distance 1: A = %i, batch %i, B = %i, C = %i',
    (width, batch, kernels, dimensions) => {
      const layer = minibatchDiscriminationLayer({ name: 'others', kernels, dimensions });
      const model = modelOf(layer, [width]);
      const random = RandomStream.fromSeed(3);
      initialize(model, random.fork('weights'));
      tf.tidy(() => {
        const features = random.normal([batch, width]);
        const t = model.getWeights()[0] as tf.Tensor3D;
        const m = tf.reshape(tf.matMul(features, tf.reshape(t, [width, -1])), [batch, kernels, -1]);
        const distances = tf.sum(tf.abs(tf.sub(tf.expandDims(m, 1), tf.expandDims(m, 0))), 3);
        const mean = tf.div(tf.sum(distances), batch * (batch - 1) * kernels);
        // A chance mean over the kernels; with s = 1 it would be 2C√(A/π): 3 to 350.
        expect(mean).toBeAllclose([1], { rtol: 0, atol: 0.35 });
        const o = tf.slice(model.predict(features) as tf.Tensor2D, [0, width], [-1, -1]);
        expect(tf.mean(o).dataSync()[0]).toBeGreaterThan(0.25);
        expect(tf.mean(o).dataSync()[0]).toBeLessThan(0.6);
      });
      model.dispose();
    },
  );

  it.each([
    ['initialize', initialize],
    ['heInitialize', heInitialize],
  ])('draws T from the seed: %s', (_, draw) => {
    const make = (seed: number) => {
      const layer = minibatchDiscriminationLayer({ name: 'others', kernels: 2, dimensions: 3 });
      return draw(modelOf(layer, [4]), RandomStream.fromSeed(seed));
    };
    const [first, same, other] = [make(1), make(1), make(2)].map((model) => [
      ...model.getWeights()[0]!.dataSync(),
    ]);
    expect(same).toEqual(first);
    expect(other).not.toEqual(first);
  });
});
