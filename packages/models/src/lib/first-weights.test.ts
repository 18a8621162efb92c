import '@ganloom/test-tools';
import { RandomStream, UsageError } from '@ganloom/core';
import { minibatchDiscriminationLayer } from '@ganloom/losses';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Architecture } from './architecture';
import { dcgan } from './dcgan';
import { discriminatorOf } from './discriminator-of';
import { generatorOf } from './generator-of';
import { heInitialize } from './he-initialize';
import { initialize } from './initialize';
import { embeddingLayer } from './layers';
import { maxoutUnits } from './maxout-units';
import { mlp } from './mlp';
import { noiseLayer } from './noise-layer';
import { resnet } from './resnet';
import { spectrallyNormalized } from './spectral-normalization';

beforeAll(async () => void (await tf.setBackend('cpu')));

type Initializer = Parameters<typeof tf.layers.dense>[0]['kernelInitializer'] & object;

/** Another's layer: x + γ·xW, whose weights begin as it says. */
class Attention extends tf.layers.Layer {
  static readonly className = 'TestAttention';
  readonly #begins: Readonly<Record<string, Initializer>>;
  #weights: tf.LayerVariable[] = [];

  constructor(name: string, begins: Readonly<Record<string, unknown>>) {
    super({ name });
    this.#begins = begins as Readonly<Record<string, Initializer>>;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const n = (inputShape as tf.Shape).at(-1)!;
    this.#weights = Object.entries(this.#begins).map(([name, initializer]) =>
      this.addWeight(name, name === 'gamma' ? [1] : [n, n], 'float32', initializer as never),
    );
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = (inputs as tf.Tensor[])[0]!;
    return this.#weights.reduce((y, weight) => tf.mul(y, tf.sum(weight.read())), x);
  }
}

const values = (model: tf.LayersModel, name: string) =>
  Float32Array.from(
    model.weights
      .find((weight) => weight.originalName === name)!
      .read()
      .dataSync(),
  );

const architectures: readonly Architecture[] = [
  dcgan({ image: { height: 8, width: 8, channels: 1 }, latentSize: 3, filters: 2 }),
  resnet({ image: { height: 8, width: 8, channels: 1 }, latentSize: 3, filters: 6 }),
  mlp({
    shape: [2],
    latentSize: 3,
    generator: { widths: [4, 4], batchNorm: true },
    discriminator: { widths: [4], units: maxoutUnits() },
  }),
];

describe.each(architectures)('$name', (architecture) => {
  it('has every weight from the seed, around other people’s layers too', () => {
    const { randomNormal, randomUniform, orthogonal, zeros } = tf.initializers;
    const make = (seed: number) => {
      const random = RandomStream.fromSeed(seed);
      const head = (x: tf.SymbolicTensor) => {
        const layers = [
          new Attention('attention', {
            gamma: zeros(),
            f: randomUniform({ minval: 1, maxval: 2 }),
            g: orthogonal({ gain: 1 }),
            h: randomNormal({ stddev: 3 }),
          }),
          spectrallyNormalized(
            tf.layers.dense({ name: 'lecun', units: 4, kernelInitializer: 'leCunUniform' }),
          ),
          minibatchDiscriminationLayer({ name: 'others', kernels: 2 }),
          noiseLayer({ name: 'noise' }),
        ];
        return layers.reduce((y, layer) => layer.apply(y) as tf.SymbolicTensor, x);
      };
      return [
        generatorOf(architecture, { random: random.fork('g') }),
        discriminatorOf(architecture, { random: random.fork('d'), head, degree: 2 }),
      ];
    };
    const [first, same, other] = [make(1), make(1), make(2)];
    const all = (models: tf.LayersModel[]) =>
      Object.fromEntries(
        models.flatMap((model) =>
          model.trainableWeights.map((w) => [w.originalName, [...w.read().dataSync()]]),
        ),
      );
    expect(all(same)).toEqual(all(first));
    const [kept, changed] = [all(first), all(other)];
    for (const [name, numbers] of Object.entries(kept)) {
      const isRandom = new Set(numbers).size > 1;
      expect([name, `${changed[name]}` !== `${numbers}`]).toEqual([name, isRandom]);
    }
    expect(kept['attention/gamma']).toEqual([0]);
    expect(Math.min(...kept['attention/f']!)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...kept['attention/f']!)).toBeLessThan(2);
    for (const models of [first, same, other]) models.forEach((model) => model.dispose());
  });
});

const modelOf = (...layers: tf.layers.Layer[]) => {
  const input = tf.input({ shape: [20] });
  const outputs = layers.reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, input);
  return tf.model({ inputs: input, outputs });
};

describe('a layer keeps its own initializer', () => {
  const { dense, batchNormalization } = tf.layers;
  const laws = [
    ['initialize', initialize],
    ['heInitialize', heInitialize],
  ] as const;

  it.each(laws)('of stock layers, where it is given: %s', (_, draw) => {
    const model = modelOf(
      dense({
        name: 'ones',
        units: 30,
        kernelInitializer: 'ones',
        biasInitializer: 'randomUniform',
      }),
      dense({
        name: 'seeded',
        units: 30,
        kernelInitializer: tf.initializers.glorotNormal({ seed: 7 }),
      }),
      batchNormalization({ name: 'still', gammaInitializer: 'zeros' }),
    );
    draw(model, RandomStream.fromSeed(1));
    expect(new Set(values(model, 'ones/kernel'))).toEqual(new Set([1]));
    const bias = values(model, 'ones/bias');
    expect(new Set(bias).size).toBeGreaterThan(20);
    expect(Math.max(...bias.map(Math.abs))).toBeLessThanOrEqual(Math.fround(0.05));
    expect(new Set(values(model, 'still/gamma'))).toEqual(new Set([0]));
    // 900 values of √(1/30), cut at two deviations, which leaves 0.88 of them: five standard errors.
    const kernel = values(model, 'seeded/kernel');
    const limit = 2 * Math.sqrt(1 / 30);
    expect(Math.max(...kernel.map(Math.abs))).toBeLessThanOrEqual(Math.fround(limit));
    const deviation = Math.sqrt(kernel.reduce((sum, v) => sum + v * v, 0) / kernel.length);
    expect(Math.abs(deviation / (0.8796 * Math.sqrt(1 / 30)) - 1)).toBeLessThan(0.1);
    model.dispose();
  });

  it('else stock layers follow the law', () => {
    const make = () =>
      modelOf(dense({ name: 'd', units: 30 }), batchNormalization({ name: 'norm' }));
    const [radford, he] = [make(), make()];
    initialize(radford, RandomStream.fromSeed(1));
    heInitialize(he, RandomStream.fromSeed(1));
    tf.tidy(() => {
      const random = RandomStream.fromSeed(1);
      expect(values(radford, 'd/kernel')).toBeAllclose(
        random.fork('d/kernel').normal([20, 30], 0, 0.02),
      );
      expect(values(radford, 'norm/gamma')).toBeAllclose(
        random.fork('norm/gamma').normal([30], 1, 0.02),
      );
      expect(values(he, 'd/kernel')).toBeAllclose(
        random.fork('d').normal([20, 30], 0, Math.sqrt(2 / 20)),
      );
    });
    expect(new Set(values(he, 'norm/gamma'))).toEqual(new Set([1]));
    expect(new Set(values(radford, 'd/bias'))).toEqual(new Set([0]));
    for (const model of [radford, he]) model.dispose();
  });

  it('in a network within a network, and in layers of several kernels', () => {
    const nested = () => {
      const inner = tf.sequential({
        name: 'inner',
        layers: [dense({ name: 'd', units: 4, inputShape: [4] }), dense({ name: 'e', units: 4 })],
      });
      const twice = tf.layers.bidirectional({
        name: 'twice',
        layer: tf.layers.simpleRNN({ units: 2, returnSequences: false }) as never,
        mergeMode: 'concat',
      });
      const input = tf.input({ shape: [3, 5] });
      const outputs = inner.apply(twice.apply(input)) as tf.SymbolicTensor;
      return initialize(tf.model({ inputs: input, outputs }), RandomStream.fromSeed(1));
    };
    const [first, second] = [nested(), nested()];
    const all = (model: tf.LayersModel) => model.getWeights().map((w) => [...w.dataSync()]);
    expect(all(second)).toEqual(all(first));
    // No two of them are the same numbers.
    const random = all(first).filter((numbers) => new Set(numbers).size > 1);
    expect(random.length).toBe(6);
    expect(new Set(random.map(String)).size).toBe(6);
    for (const model of [first, second]) model.dispose();
  });

  it('of an embedding, whose default is random too', () => {
    const label = tf.input({ shape: [1] });
    const table = tf.layers.embedding({ name: 'stock', inputDim: 10, outputDim: 9 });
    const wide = embeddingLayer({ name: 'wide', classes: 10, size: 9 });
    const outputs = [table, wide].map((layer) => layer.apply(label) as tf.SymbolicTensor);
    const model = initialize(tf.model({ inputs: label, outputs }), RandomStream.fromSeed(1));
    tf.tidy(() => {
      const random = RandomStream.fromSeed(1);
      expect(values(model, 'stock/embeddings')).toBeAllclose(
        random.fork('stock/embeddings').uniform([10, 9], -0.05, 0.05),
      );
      expect(values(model, 'wide/embeddings')).toBeAllclose(
        random.fork('wide/embeddings').normal([10, 9]),
      );
    });
    model.dispose();
  });
});

it('leaves no tensor behind', () => {
  const model = modelOf(tf.layers.dense({ units: 3, kernelInitializer: 'orthogonal' }));
  const before = tf.memory().numTensors;
  initialize(model, RandomStream.fromSeed(1));
  expect(tf.memory().numTensors).toBe(before);
  model.dispose();
});

it('says of which weight it does not know how it began', () => {
  const layer = new Attention('mine', { gamma: tf.initializers.zeros() });
  const model = modelOf(layer);
  // As if it had been made before this package was there.
  const weight = layer.trainableWeights[0]!;
  layer.trainableWeights = [Object.create(weight) as tf.LayerVariable];
  const draw = () => initialize(model, RandomStream.fromSeed(1));
  expect(draw).toThrow(UsageError);
  expect(draw).toThrow(
    'initialize: the initializer of "mine/gamma" must be known, got a weight made before; ' +
      'call registerLayers() before its layer is built',
  );
  model.dispose();
});
