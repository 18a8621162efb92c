import '@ganloom/test-tools';
import { RandomStream } from '@ganloom/core';
import { savedAndLoaded } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AfterStage, BodyStage } from './after-stage';
import { dcgan } from './dcgan';
import { discriminatorOf } from './discriminator-of';
import { generatorOf } from './generator-of';
import { conv2dLayer } from './layers';
import { noiseLayer } from './noise-layer';
import { resnet } from './resnet';
import { selfAttentionLayer } from './self-attention';
import { spectrallyNormalized } from './spectral-normalization';

beforeAll(async () => void (await tf.setBackend('cpu')));

const image = { height: 28, width: 20, channels: 1 };
const random = () => RandomStream.fromSeed(1);
const make = {
  dcgan: (afterStage?: AfterStage) =>
    dcgan({ image, latentSize: 3, filters: 2, ...(afterStage && { afterStage }) }),
  resnet: (afterStage?: AfterStage) =>
    resnet({ image, latentSize: 3, filters: 4, ...(afterStage && { afterStage }) }),
};
const both = (architecture: ReturnType<typeof dcgan>, changes = {}) => [
  generatorOf(architecture, { random: random() }),
  discriminatorOf(architecture, { ...changes, random: random() }),
];
const dispose = (models: readonly tf.LayersModel[]) => models.forEach((model) => model.dispose());

describe.each([
  [
    'dcgan',
    [
      ['generator', 1, 7, 5, 4],
      ['generator', 2, 14, 10, 2],
      ['discriminator', 1, 14, 10, 2],
      ['discriminator', 2, 7, 5, 4],
    ],
  ],
  [
    'resnet',
    [
      ['generator', 1, 7, 5, 4],
      ['generator', 2, 14, 10, 4],
      ['generator', 3, 28, 20, 4],
      ['discriminator', 1, 14, 10, 2],
      ['discriminator', 2, 7, 5, 2],
      ['discriminator', 3, 7, 5, 2],
      ['discriminator', 4, 7, 5, 2],
    ],
  ],
] as const)('%s', (name, expected) => {
  it('calls for each map, with what it is', () => {
    const met: unknown[] = [];
    const architecture = make[name]((x, { player, stage, height, width, channels }) => {
      met.push([player, stage, height, width, channels]);
      expect(x.shape).toEqual([null, height, width, channels]);
      return x;
    });
    const networks = both(architecture);
    expect(met).toEqual(expected);
    // A hook that does nothing leaves networks as they are, to the bit.
    const plain = both(make[name]());
    networks.forEach((network, i) => {
      expect(network.layers.map((layer) => layer.name)).toEqual(
        plain[i]!.layers.map((layer) => layer.name),
      );
      expect(network.getWeights().map((w) => [...w.dataSync()])).toEqual(
        plain[i]!.getWeights().map((w) => [...w.dataSync()]),
      );
    });
    dispose([...networks, ...plain]);
  });

  it('has attention, convolutions and noise where they are put, which are saved and loaded', async () => {
    const architecture = make[name]((x, { player, stage, height, channels, constrain }) => {
      if (height !== 14) return x;
      const called = `${player}_${stage}`;
      const seen = selfAttentionLayer({ name: `${called}_attention` }).apply(x);
      const options = { name: `${called}_own`, filters: channels, kernelSize: 3, strides: 1 };
      const own = constrain(conv2dLayer({ ...options, useBias: true })).apply(seen);
      return noiseLayer({ name: `${called}_noise` }).apply(own) as tf.SymbolicTensor;
    });
    const networks = both(architecture, { constrain: spectrallyNormalized });
    const kinds = networks.map(({ layers }) =>
      layers
        .filter((layer) => /_(attention|own|noise)$/.test(layer.name))
        .map((layer) => layer.getClassName()),
    );
    expect(kinds).toEqual([
      ['SelfAttention', 'Conv2D', 'ScaledNoise'],
      ['SelfAttention', 'SpectralNormalisation', 'ScaledNoise'],
    ]);
    for (const network of networks) {
      const loaded = await savedAndLoaded(network);
      tf.tidy(() => {
        const x = random().normal([2, ...(network.inputs[0]!.shape.slice(1) as number[])]);
        const [y, again] = [network, loaded].map((one) => one.predict(x) as tf.Tensor);
        expect([...again!.dataSync()]).toEqual([...y!.dataSync()]);
      });
      loaded.dispose();
    }
    dispose(networks);
  });

  it('says where a map has another size than what follows counts on', () => {
    const shrink: AfterStage = (x) =>
      tf.layers.averagePooling2d({ poolSize: 2, name: 'small' }).apply(x) as tf.SymbolicTensor;
    const [, ...rest] = expected[0];
    const [, height, width, channels] = rest;
    const last = name === 'dcgan' ? 'any' : channels;
    expect(() => generatorOf(make[name](shrink), { random: random() })).toThrow(
      `${name}: afterStage must return a map [any,${height},${width},${last}] behind stage 1 of the ` +
        `generator, got [any,3,2,${channels}]; keep its size, and return x where nothing is to be done`,
    );
    const nothing = (() => undefined) as unknown as AfterStage;
    expect(() => discriminatorOf(make[name](nothing), { random: random() })).toThrow(
      'behind stage 1 of the discriminator, got undefined; keep its size',
    );
  });
});

it('more channels go on in dcgan, and are refused in resnet, whose sums need as many', () => {
  const wider: AfterStage = (x, { player, stage, channels }: BodyStage) =>
    conv2dLayer({
      name: `${player}_${stage}_wide`,
      filters: channels + 1,
      kernelSize: 1,
      strides: 1,
      useBias: true,
    }).apply(x) as tf.SymbolicTensor;
  const networks = both(make.dcgan(wider));
  expect(networks[0]!.outputs[0]!.shape).toEqual([null, 28, 20, 1]);
  expect(networks[1]!.outputs[0]!.shape).toEqual([null, 1]);
  dispose(networks);
  expect(() => discriminatorOf(make.resnet(wider), { random: random() })).toThrow(
    'resnet: afterStage must return a map [any,14,10,2] behind stage 1 of the discriminator, got [any,14,10,3]',
  );
});
