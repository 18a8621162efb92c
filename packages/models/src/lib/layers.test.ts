import '@ganloom/test-tools';
import { useWasm } from '@ganloom/backend-wasm';
import { RandomStream } from '@ganloom/core';
import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { dcgan } from './dcgan';
import { generatorOf } from './generator-of';
import { initialize } from './initialize';
import { batchNormLayer, concatenateLayer, denseLayer, embeddingLayer } from './layers';

const backends = { cpu: () => tf.setBackend('cpu'), wasm: () => useWasm({ threads: 1 }) };

describe.each(Object.entries(backends))('%s', (_, start) => {
  it('embeds classes as the stock layer does, and learns', async () => {
    await start();
    const layer = embeddingLayer({ name: 'table', classes: 3, size: 2 });
    const label = tf.input({ shape: [1], dtype: 'int32' });
    const model = tf.model({
      inputs: label,
      outputs: layer.apply(label) as tf.SymbolicTensor,
    });
    const stock = await tf.models.modelFromJSON(model.toJSON(null, false) as never);
    tf.tidy(() => {
      const rows = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
      layer.setWeights([rows]);
      stock.setWeights([rows]);
      const labels = tf.tensor2d([2, 0, 2], [3, 1], 'int32');
      const embedded = model.predict(labels) as tf.Tensor;
      expect(embedded.shape).toEqual([3, 1, 2]);
      expect(embedded).toBeAllclose([5, 6, 1, 2, 5, 6]);
      expect(embedded).toBeAllclose(stock.predict(labels) as tf.Tensor);
      const table = model.trainableWeights[0]!.read() as tf.Variable;
      const weights = tf.tensor3d([1, 2, 3, 4, 5, 6], [3, 1, 2]);
      const { grads } = tf.variableGrads(
        () => tf.sum(tf.mul(model.apply(labels) as tf.Tensor, weights)),
        [table],
      );
      expect(grads[table.name]!).toBeAllclose([3, 4, 0, 0, 6, 8]);
    });
    model.dispose();
    stock.dispose();
  });

  it('is dense as the stock layer is, to second order', async () => {
    await start();
    const layer = denseLayer({ name: 'dense', units: 3 });
    const input = tf.input({ shape: [2] });
    const model = tf.model({ inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor });
    const stock = await tf.models.modelFromJSON(model.toJSON(null, false) as never);
    expectNoLeak(() =>
      tf.tidy(() => {
        const values = [tf.tensor2d([1, -1, 2, 0, 3, 1], [2, 3]), tf.tensor1d([0.5, 0, -1])];
        layer.setWeights(values);
        stock.setWeights(values);
        const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
        expect(model.predict(x) as tf.Tensor).toBeAllclose([1.5, 5, 3, 3.5, 9, 9]);
        expect(model.predict(x) as tf.Tensor).toBeAllclose(stock.predict(x) as tf.Tensor);
        const w = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
        const of = (v: tf.Tensor) => tf.sum(tf.mul(model.apply(v) as tf.Tensor, w)) as tf.Scalar;
        expect(tf.grad(of)(x)).toBeAllclose([5, 9, 11, 21]);
        const [kernel, bias] = model.trainableWeights.map((one) => one.read() as tf.Variable);
        const first = tf.variableGrads(() => of(x), [kernel!, bias!]).grads;
        expect(first[kernel!.name]!).toBeAllclose([13, 17, 21, 18, 24, 30]);
        expect(first[bias!.name]!).toBeAllclose([5, 7, 9]);
        // ∂/∂K of ‖wKᵀ‖² = 2(wKᵀ)ᵀw
        const penalty = () => tf.sum(tf.square(tf.grad(of)(x))) as tf.Scalar;
        const second = tf.variableGrads(penalty, [kernel!]).grads;
        expect(second[kernel!.name]!).toBeAllclose([98, 130, 162, 186, 246, 306]);
      }),
    );
    model.dispose();
    stock.dispose();
  });

  it('joins tensors as the stock layer does, with the gradient of each part', async () => {
    await start();
    const layer = concatenateLayer('joined');
    tf.tidy(() => {
      const a = tf.tensor3d([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]);
      const b = tf.tensor3d([-1, -2, -3, -4], [2, 2, 1]);
      const joined = layer.apply([a, b]) as tf.Tensor;
      expect(joined).toBeAllclose(tf.concat([a, b], 2));
      const weights = tf.reshape(tf.range(0, 12), [2, 2, 3]);
      const of = (x: tf.Tensor, y: tf.Tensor) =>
        tf.sum(tf.mul(tf.square(layer.apply([x, y]) as tf.Tensor), weights));
      const [da, db] = tf.grads(of)([a, b]);
      expect(da!).toBeAllclose([0, 4, 18, 32, 60, 84, 126, 160]);
      expect(db!).toBeAllclose([-4, -20, -48, -88]);
      // ∂/∂a of Σ (2wa)² = 8w²a
      const second = tf.grad((x: tf.Tensor) =>
        tf.sum(tf.square(tf.grad((v: tf.Tensor) => of(v, b))(x))),
      )(a);
      expect(second).toBeAllclose([0, 16, 216, 512, 1440, 2352, 4536, 6400]);
    });
    const parts = [tf.zeros([2, 3]), tf.zeros([2, 1])];
    expectNoLeak(() => layer.apply(parts) as tf.Tensor);
    tf.dispose(parts);
  });

  it('standardizes only, if not affine', async () => {
    await start();
    const layer = batchNormLayer('norm', { affine: false });
    tf.tidy(() => {
      const x = tf.tensor2d([1, -1, 3, 1], [2, 2]);
      const y = layer.apply(x, { training: true }) as tf.Tensor;
      const one = 1 / Math.sqrt(1 + 1e-5);
      expect(y).toBeAllclose([-one, -one, one, one]);
      expect(layer.trainableWeights).toEqual([]);
      // 0.9 of the old average and 0.1 of the new one; 2 is the unbiased variance.
      const [, , mean, variance] = layer.getWeights();
      expect(mean!).toBeAllclose([0.2, 0]);
      expect(variance!).toBeAllclose([1.1, 1.1]);
    });
    layer.dispose();
  });
});

it('draws embeddings as their layers say, from the seed', async () => {
  await backends.cpu();
  const make = (seed: number) => {
    const label = tf.input({ shape: [1] });
    const apply = (layer: tf.layers.Layer) => layer.apply(label) as tf.SymbolicTensor;
    const tables = { classes: 40, size: 50 };
    const outputs = [
      apply(embeddingLayer({ name: 'wide', ...tables })),
      apply(embeddingLayer({ name: 'narrow', ...tables, mean: 1, stddev: 0.02 })),
      apply(embeddingLayer({ name: 'still', ...tables, mean: 3, stddev: 0 })),
    ];
    return initialize(tf.model({ inputs: label, outputs }), RandomStream.fromSeed(seed));
  };
  const [first, same, other] = [make(1), make(1), make(2)];
  const valuesOf = (model: tf.LayersModel) => model.getWeights().map((w) => [...w.dataSync()]);
  expect(valuesOf(same)).toEqual(valuesOf(first));
  expect(valuesOf(other)[0]).not.toEqual(valuesOf(first)[0]);
  const moments = first.getWeights().map((w) => {
    const { mean, variance } = tf.moments(w);
    return [mean.dataSync()[0]!, Math.sqrt(variance.dataSync()[0]!)];
  });
  // Of 2000 values: four standard errors are 0.09 and 0.0018.
  expect(moments[0]!).toBeAllclose([0, 1], { atol: 0.09 });
  expect(moments[1]!).toBeAllclose([1, 0.02], { rtol: 0, atol: 0.0018 });
  expect(moments[2]!).toBeAllclose([3, 0]);
});

it('gives the bodies of a DCGAN other inputs and another normalization', async () => {
  await backends.cpu();
  const image = { height: 8, width: 8, channels: 1 };
  const { generator, discriminator, latentSize } = dcgan({ image, latentSize: 4, filters: 2 });
  expect(latentSize).toBe(4);
  const names: string[] = [];
  const picture = generator(tf.input({ shape: [7] }), (x, name) => {
    names.push(name);
    return x;
  });
  expect(picture.shape).toEqual([null, 8, 8, 1]);
  const whole = generatorOf(dcgan({ image, latentSize: 4, filters: 2 }), {
    random: RandomStream.fromSeed(1),
  });
  expect(names).toEqual(
    whole.layers.map(({ name }) => name).filter((name) => name.endsWith('_norm')),
  );
  const features = discriminator(tf.input({ shape: [8, 8, 3] }));
  expect(features.shape).toEqual([null, 4 * 4 * 2]);
  whole.dispose();
  expect(() => dcgan({ image, filters: 0 })).toThrow('dcgan: filters must be a positive integer');
});
