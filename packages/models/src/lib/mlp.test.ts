import '@ganloom/test-tools';
import { RandomStream, UsageError } from '@ganloom/core';
import { installGradients } from '@ganloom/gradients';
import { useWasm } from '@ganloom/backend-wasm';
import { expectNoLeak, finiteDifference } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Normalize, unnormalized } from './architecture';
import { leakyReluUnits, reluUnits } from './hidden-units';
import { maxoutUnits } from './maxout-units';
import { discriminatorOf } from './discriminator-of';
import { generatorOf } from './generator-of';
import { mlp } from './mlp';

const random = () => RandomStream.fromSeed(1);
const point = [2];
const backends = { cpu: () => tf.setBackend('cpu'), wasm: () => useWasm({ threads: 1 }) };

describe.each(Object.entries(backends))('maxout on %s', (_, start) => {
  beforeAll(async () => void (await start()));

  /** Two inputs, two units of three pieces, in the order piece by piece. */
  const kernel = [1, 0, -1, 1, 0, 2, 0, 1, 1, -1, -2, 0];
  const bias = [0, 0.5, 0, 0, -1, 0];
  const network = () => {
    const input = tf.input({ shape: [2] });
    const linear = tf.layers.dense({ units: 6 }).apply(input) as tf.SymbolicTensor;
    const model = tf.model({
      inputs: input,
      outputs: maxoutUnits({ pieces: 3 }).activate(linear, 'h'),
    });
    tf.tidy(() => model.setWeights([tf.tensor2d(kernel, [2, 6]), tf.tensor1d(bias)]));
    return model;
  };
  const reference = (x: ArrayLike<number>, unit: number) =>
    Math.max(
      ...[0, 1, 2].map((piece) => {
        const at = 2 * piece + unit;
        return x[0]! * kernel[at]! + x[1]! * kernel[6 + at]! + bias[at]!;
      }),
    );

  it('takes the greatest of the pieces, as the stock layers it is saved as', async () => {
    const model = network();
    const stock = await tf.models.modelFromJSON(model.toJSON(null, false) as never);
    tf.tidy(() => {
      stock.setWeights(model.getWeights());
      const x = tf.tensor2d([2, 3, -1, 0.25, -2, -3], [3, 2]);
      const y = model.predict(x) as tf.Tensor;
      // Pieces of (2, 3): unit 0 has 2, 1, −7 and unit 1 has 3.5, −1, 4.
      expect(y).toBeAllclose([2, 4, 1.25, 0.75, 5, 1]);
      expect(stock.predict(x) as tf.Tensor).toBeAllclose(y);
      expectNoLeak(() => model.predict(x) as tf.Tensor);
    });
    model.dispose();
    stock.dispose();
  });

  it('has the right gradient, and second gradient', () => {
    installGradients();
    const model = network();
    tf.tidy(() => {
      const at = [0.7, -0.4];
      // Squares, so that there is a second derivative.
      const value = (x: ArrayLike<number>) => reference(x, 0) ** 2 + 3 * reference(x, 1) ** 2;
      const f = (x: tf.Tensor) => {
        const y = model.apply(x) as tf.Tensor;
        return tf.sum(tf.mul(tf.square(y), [1, 3]));
      };
      const x = tf.tensor2d(at, [1, 2]);
      const gradient = (p: ArrayLike<number>) => finiteDifference(value, p, 1e-4);
      expect(tf.grad(f)(x)).toBeAllclose(gradient(at), { rtol: 1e-4 });
      const norm = (p: ArrayLike<number>) => gradient(p).reduce((sum, g) => sum + g * g, 0);
      const penalty = (p: tf.Tensor) => tf.sum(tf.square(tf.grad(f)(p)));
      expect(tf.grad(penalty)(x)).toBeAllclose(finiteDifference(norm, at, 1e-3), { rtol: 1e-3 });
      const kernelGradient = tf.variableGrads(
        () => tf.sum(model.apply(x) as tf.Tensor),
        [model.trainableWeights[0]!.read() as tf.Variable],
      ).grads;
      // Each unit passes its gradient on to its greatest piece: the first of one, the last of the other.
      const expected = [0.7, 0, 0, 0, 0, 0.7, -0.4, 0, 0, 0, 0, -0.4];
      expect(Object.values(kernelGradient)[0]!).toBeAllclose(expected);
    });
    model.dispose();
  });
});

describe('networks', () => {
  beforeAll(async () => void (await useWasm({ threads: 1 })));

  it('are those of PacGAN: 4×400 with batch normalization against 3×200 maxout of 5', () => {
    const architecture = mlp({
      shape: point,
      latentSize: 2,
      generator: { widths: [400, 400, 400, 400], batchNorm: true, output: 'linear' },
      discriminator: { widths: [200, 200, 200], units: maxoutUnits({ pieces: 5 }) },
    });
    const generator = generatorOf(architecture, { random: random() });
    const discriminator = discriminatorOf(architecture, { random: random() });
    expect(generator.outputs[0]!.shape).toEqual([null, 2]);
    expect(discriminator.inputs[0]!.shape).toEqual([null, 2]);
    const trainable = (model: tf.LayersModel) =>
      model.trainableWeights.reduce(
        (sum, { shape }) => sum + tf.util.sizeFromShape(shape as number[]),
        0,
      );
    // Kernels without bias, γ and β; the last layer has a bias.
    expect(trainable(generator)).toBe(2 * 400 + 3 * 400 ** 2 + 4 * 800 + 400 * 2 + 2);
    expect(trainable(discriminator)).toBe(3 * 1000 + 2 * 201 * 1000 + 201);
    generator.dispose();
    discriminator.dispose();
  });

  it('make pictures of any shape in [−1, 1], from the seed alone', () => {
    const architecture = mlp({
      shape: [3, 5, 2],
      latentSize: 4,
      generator: { widths: [7] },
      discriminator: { widths: [7] },
    });
    const make = (seed: number) =>
      generatorOf(architecture, { random: RandomStream.fromSeed(seed) });
    const [first, same, other] = [make(1), make(1), make(2)];
    const weights = (model: tf.LayersModel) => model.getWeights().map((w) => [...w.dataSync()]);
    expect(weights(same)).toEqual(weights(first));
    expect(weights(other)[0]).not.toEqual(weights(first)[0]);
    tf.tidy(() => {
      const pictures = first.apply(tf.mul(random().normal([6, 4]), 1000)) as tf.Tensor;
      expect(pictures.shape).toEqual([6, 3, 5, 2]);
      const largest = pictures.abs().max().dataSync()[0]!;
      expect(largest).toBeLessThanOrEqual(1);
      expect(largest).toBeGreaterThan(0.5);
    });
    for (const model of [first, same, other]) model.dispose();
  });

  it('learn: a few steps bring a discriminator near the truth', () => {
    const architecture = mlp({
      shape: point,
      latentSize: 2,
      generator: { widths: [8] },
      discriminator: { widths: [8, 8], units: maxoutUnits({ pieces: 2 }), batchNorm: false },
    });
    const discriminator = discriminatorOf(architecture, { random: random() });
    const generator = generatorOf(architecture, { random: random() });
    const optimizer = tf.train.adam(0.02);
    const variables = discriminator.trainableWeights.map((w) => w.read() as tf.Variable);
    tf.tidy(() => {
      const real = tf.add(tf.mul(random().normal([32, 2]), 0.1), 1);
      const fake = tf.keep(generator.apply(random().normal([32, 2])) as tf.Tensor);
      const loss = () =>
        tf.add(
          tf.mean(tf.softplus(tf.neg(discriminator.apply(real) as tf.Tensor))),
          tf.mean(tf.softplus(discriminator.apply(fake) as tf.Tensor)),
        ) as tf.Scalar;
      expect(loss()).toBeAllclose([2 * Math.LN2], { rtol: 0.01 });
      for (let step = 0; step < 40; step++) optimizer.minimize(loss, false, variables);
      expect(loss().dataSync()[0]).toBeLessThan(0.5);
      fake.dispose();
    });
    optimizer.dispose();
    generator.dispose();
    discriminator.dispose();
  });

  it('are bodies too, whose normalization can be replaced', () => {
    const layers = {
      latentSize: 3,
      generator: { widths: [4, 4], units: leakyReluUnits({ slope: 0.1 }), batchNorm: true },
      discriminator: { widths: [6], units: reluUnits() },
    };
    const bodies = mlp({ ...layers, shape: point });
    const names: string[] = [];
    const picture = bodies.generator(tf.input({ shape: [9] }), (x, name) => {
      names.push(name);
      return x;
    });
    expect(picture.shape).toEqual([null, 2]);
    expect(names).toEqual(['hidden1_norm', 'hidden2_norm']);
    // Two points side by side.
    expect(bodies.discriminator(tf.input({ shape: [4] })).shape).toEqual([null, 6]);
    const pictures = mlp({ ...layers, shape: [1, 2, 3] });
    expect(pictures.discriminator(tf.input({ shape: [1, 2, 6] })).shape).toEqual([null, 6]);
    expect(pictures.generator(tf.input({ shape: [9] })).shape).toEqual([null, 1, 2, 3]);
  });

  it('refuse counts that are none', () => {
    const make = (more: object) => () =>
      mlp({ shape: point, generator: { widths: [4] }, discriminator: { widths: [4] }, ...more });
    expect(make({ generator: { widths: [4, 0] } })).toThrow(UsageError);
    expect(make({ generator: { widths: [4, 0] } })).toThrow(
      'mlp: generator.widths[1] must be a positive integer, got 0',
    );
    expect(make({ discriminator: { widths: [NaN] } })).toThrow('mlp: discriminator.widths[0] must');
    expect(make({ latentSize: 1.5 })).toThrow(
      'mlp: latentSize must be a positive integer, got 1.5',
    );
    expect(make({ shape: [2, -1] })).toThrow('mlp: shape[1] must be a positive integer, got -1');
    expect(make({ shape: [] })).toThrow('mlp: shape must have a dimension or more, got none');
    expect(() => maxoutUnits({ pieces: 1 })).toThrow(
      'maxoutUnits: pieces must be an integer of at least 2, got 1',
    );
  });
});

it('keeps the biases where nothing shifts: without normalization, or with one that does not', () => {
  const { generator, discriminator } = mlp({
    shape: [1, 1, 2],
    latentSize: 3,
    generator: { widths: [4], batchNorm: true },
    discriminator: { widths: [5] },
  });
  const biases = (input: tf.SymbolicTensor, output: tf.SymbolicTensor) => {
    const model = tf.model({ inputs: input, outputs: output });
    const names = model.trainableWeights.map(({ originalName }) => originalName);
    model.dispose();
    return names.filter((name) => /^hidden.*bias$/.test(name));
  };
  const latent = tf.input({ shape: [3] });
  const scaled: Normalize = (x, name) =>
    tf.layers.activation({ name, activation: 'linear' }).apply(x) as tf.SymbolicTensor;
  expect(biases(latent, generator(latent))).toEqual([]);
  expect(biases(latent, generator(latent, unnormalized))).toEqual(['hidden1/bias']);
  expect(biases(latent, generator(latent, scaled))).toEqual(['hidden1/bias']);
  const picture = tf.input({ shape: [1, 1, 2] });
  expect(biases(picture, discriminator(picture))).toEqual(['hidden1/bias']);
  expect(biases(picture, discriminator(picture, { normalize: unnormalized }))).toEqual([
    'hidden1/bias',
  ]);
});
