import '@ganloom/test-tools';
import { useWasm } from '@ganloom/backend-wasm';
import { type ImageShape, RandomStream, UsageError } from '@ganloom/core';
import { installGradients } from '@ganloom/gradients';
import { expectNoLeak, savedAndLoaded } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';

import type { Normalize } from './architecture';
import { discriminatorOf } from './discriminator-of';
import { generatorOf } from './generator-of';
import { resnet } from './resnet';
import { spectrallyNormalized } from './spectral-normalization';

beforeAll(async () => {
  await useWasm({ threads: 1 });
  installGradients();
});

const random = () => RandomStream.fromSeed(1);
const shapes = (model: tf.LayersModel) =>
  Object.fromEntries(
    model.layers.flatMap((l) => l.trainableWeights.map((w) => [w.originalName, w.shape])),
  );
const wave = (shape: number[], seed: number) =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) =>
      Math.sin(seed + 1.3 * i),
    ),
    shape,
  );

/** Other weights than at the start: biases that are no zeros, γ that are no ones. */
function shake(model: tf.LayersModel): void {
  tf.tidy(() => {
    model.trainableWeights.forEach((w, i) => {
      const scale = w.originalName.endsWith('kernel') ? 0.1 : 0.3;
      w.write(tf.add(w.read(), tf.mul(wave(w.shape as number[], i), scale)));
    });
  });
}

const sizes: [string, ImageShape, ups: number, downs: number][] = [
  ['CIFAR, 32×32 color', { height: 32, width: 32, channels: 3 }, 3, 2],
  ['MNIST, 28×28 grey', { height: 28, width: 28, channels: 1 }, 2, 2],
  ['64×64 color', { height: 64, width: 64, channels: 3 }, 4, 3],
  ['odd and oblong', { height: 45, width: 37, channels: 2 }, 3, 3],
  ['a strip', { height: 4, width: 50, channels: 4 }, 3, 3],
  ['the smallest', { height: 4, width: 8, channels: 1 }, 1, 1],
];

describe.each(sizes)('%s', (_, image, ups, downs) => {
  it('makes and judges pictures of that size', () => {
    const latentSize = 5;
    const generator = generatorOf(resnet({ image, latentSize, filters: 2 }), { random: random() });
    const discriminator = discriminatorOf(resnet({ image, discriminatorFilters: 2 }), {
      constrain: spectrallyNormalized,
      random: random(),
    });
    const count = (model: tf.LayersModel, pattern: RegExp) =>
      model.layers.filter(({ name }) => pattern.test(name)).length;
    expect(count(generator, /^up\d+_sum$/)).toBe(ups);
    expect(count(discriminator, /^down\d+_sum$/)).toBe(downs);
    expect(count(discriminator, /^plain\d+_sum$/)).toBe(2);
    expectNoLeak(() =>
      tf.tidy(() => {
        const latents = random().normal([2, latentSize]);
        const pictures = generator.apply(latents, { training: true }) as tf.Tensor;
        expect(pictures.shape).toEqual([2, image.height, image.width, image.channels]);
        const largest = pictures.abs().max().dataSync()[0]!;
        expect(largest).toBeLessThanOrEqual(1);
        expect(largest).toBeGreaterThan(0.1);
        const logits = discriminator.apply(pictures, { training: true }) as tf.Tensor;
        expect(logits.shape).toEqual([2, 1]);
        expect(Number.isFinite(logits.dataSync()[0])).toBe(true);
      }),
    );
    generator.dispose();
    discriminator.dispose();
  });
});

it('has the layers of the paper for 32×32', () => {
  const image = { height: 32, width: 32, channels: 3 };
  const generator = generatorOf(resnet({ image }), { random: random() });
  const discriminator = discriminatorOf(resnet({ image }), { random: random() });
  const up = (name: string) => ({
    [`${name}_in_norm/gamma`]: [256],
    [`${name}_in_norm/beta`]: [256],
    [`${name}_in/kernel`]: [3, 3, 256, 256],
    [`${name}_out_norm/gamma`]: [256],
    [`${name}_out_norm/beta`]: [256],
    [`${name}_out/kernel`]: [3, 3, 256, 256],
    [`${name}_shortcut/kernel`]: [1, 1, 256, 256],
  });
  expect(shapes(generator)).toEqual({
    'project/kernel': [128, 4096],
    'project/bias': [4096],
    ...up('up1'),
    ...up('up2'),
    ...up('up3'),
    'picture_norm/gamma': [256],
    'picture_norm/beta': [256],
    'picture/kernel': [3, 3, 256, 3],
    'picture/bias': [3],
  });
  const branch = (name: string, channels = 128) => ({
    [`${name}_in/kernel`]: [3, 3, channels, 128],
    [`${name}_in/bias`]: [128],
    [`${name}_out/kernel`]: [3, 3, 128, 128],
    [`${name}_out/bias`]: [128],
  });
  expect(shapes(discriminator)).toEqual({
    ...branch('down1', 3),
    'down1_shortcut/kernel': [1, 1, 3, 128],
    ...branch('down2'),
    'down2_shortcut/kernel': [1, 1, 128, 128],
    ...branch('plain1'),
    ...branch('plain2'),
    'logit/kernel': [128, 1],
    'logit/bias': [1],
  });
  generator.dispose();
  discriminator.dispose();
});

/** The paper's operations, in the paper's order, with a model's weights. */
function paper(model: tf.LayersModel) {
  const weight = (name: string) =>
    model.weights.find(({ originalName }) => originalName === name)?.read();
  const conv = (name: string, x: tf.Tensor) => {
    const y = tf.conv2d(x as tf.Tensor4D, weight(`${name}/kernel`) as tf.Tensor4D, 1, 'same');
    const bias = weight(`${name}/bias`);
    return bias ? tf.add(y, bias) : y;
  };
  const dense = (name: string, x: tf.Tensor) =>
    tf.add(tf.matMul(x, weight(`${name}/kernel`)!), weight(`${name}/bias`)!);
  const norm = (name: string, x: tf.Tensor) => {
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    const standard = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
    return tf.add(tf.mul(standard, weight(`${name}/gamma`)!), weight(`${name}/beta`)!);
  };
  return { conv, dense, norm };
}

const tolerance = { rtol: 1e-3, atol: 1e-4 };

it('generates as the paper says, a 1×1 convolution after the doubling', () => {
  const image = { height: 16, width: 16, channels: 2 };
  const model = generatorOf(resnet({ image, latentSize: 3, filters: 4 }), { random: random() });
  shake(model);
  const { conv, dense, norm } = paper(model);
  tf.tidy(() => {
    const z = random().normal([5, 3]);
    const double = (x: tf.Tensor) => {
      const [, h, w] = x.shape as [number, number, number];
      return tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [2 * h, 2 * w]);
    };
    let x: tf.Tensor = tf.reshape(dense('project', z), [5, 4, 4, 4]);
    for (const name of ['up1', 'up2']) {
      const inner = conv(`${name}_in`, double(tf.relu(norm(`${name}_in_norm`, x))));
      const branch = conv(`${name}_out`, tf.relu(norm(`${name}_out_norm`, inner)));
      x = tf.add(branch, conv(`${name}_shortcut`, double(x)));
    }
    const expected = tf.tanh(conv('picture', tf.relu(norm('picture_norm', x))));
    const actual = model.apply(z, { training: true }) as tf.Tensor;
    expect(actual).toBeAllclose(expected, tolerance);
  });
  model.dispose();
});

it('judges as the paper says, the second shortcut halved after its convolution', () => {
  const image = { height: 32, width: 16, channels: 2 };
  const model = discriminatorOf(resnet({ image, discriminatorFilters: 3 }), { random: random() });
  shake(model);
  const { conv, dense } = paper(model);
  tf.tidy(() => {
    const picture = wave([2, 32, 16, 2], 1);
    const half = (x: tf.Tensor) => tf.avgPool(x as tf.Tensor4D, 2, 2, 'valid');
    const branch = (name: string, x: tf.Tensor) =>
      conv(`${name}_out`, tf.relu(conv(`${name}_in`, x)));
    let x: tf.Tensor = tf.add(
      half(branch('down1', picture)),
      conv('down1_shortcut', half(picture)),
    );
    x = tf.add(half(branch('down2', tf.relu(x))), half(conv('down2_shortcut', x)));
    for (const name of ['plain1', 'plain2']) x = tf.add(x, branch(name, tf.relu(x)));
    const expected = dense('logit', tf.sum(tf.relu(x), [1, 2]));
    const actual = model.apply(picture, { training: true }) as tf.Tensor;
    expect(actual).toBeAllclose(expected, tolerance);
  });
  model.dispose();
});

it('starts from the seed alone, with deviations of √(2/fan in) in residual branches', () => {
  const image = { height: 8, width: 8, channels: 3 };
  const make = (seed: number) => {
    const model = generatorOf(resnet({ image, filters: 32 }), {
      random: RandomStream.fromSeed(seed),
    });
    const values = (layer: string) => [...model.getLayer(layer).getWeights()[0]!.dataSync()];
    const result = { inner: values('up1_in'), shortcut: values('up1_shortcut') };
    model.dispose();
    return result;
  };
  const first = make(3);
  expect(make(3)).toEqual(first);
  expect(make(4).inner).not.toEqual(first.inner);
  const deviation = (all: number[]) => Math.sqrt(all.reduce((s, v) => s + v * v, 0) / all.length);
  // Five standard errors: 9,216 and 1,024 weights.
  const relative = (actual: number, expected: number) => Math.abs(actual / expected - 1);
  expect(relative(deviation(first.inner), Math.sqrt(2 / 288))).toBeLessThan(5 / Math.sqrt(18_432));
  expect(relative(deviation(first.shortcut), Math.sqrt(1 / 32))).toBeLessThan(5 / Math.sqrt(2048));
});

it('is saved as stock layers that compute the same in plain TensorFlow.js', async () => {
  const image = { height: 11, width: 8, channels: 1 };
  const models: [tf.LayersModel, tf.Tensor][] = [
    [
      generatorOf(resnet({ image, latentSize: 3, filters: 2 }), { random: random() }),
      wave([4, 3], 1),
    ],
    [
      discriminatorOf(resnet({ image, discriminatorFilters: 2 }), { random: random() }),
      wave([4, 11, 8, 1], 2),
    ],
  ];
  for (const [model, x] of models) {
    shake(model);
    const loaded = await savedAndLoaded(model);
    // Training last: stock layers follow another variance.
    for (const training of [false, true]) {
      tf.tidy(() => {
        const [a, b] = [model, loaded].map((m) => m.apply(x, { training }) as tf.Tensor);
        expect(a!).toBeAllclose(b!, { rtol: 1e-3, atol: 1e-5 });
      });
    }
    tf.dispose(x);
    loaded.dispose();
    model.dispose();
  }
});

it('has the same second-order gradients on the wasm backend as in plain JavaScript', async () => {
  const image = { height: 10, width: 9, channels: 1 };
  const networks = {
    generator: () =>
      generatorOf(resnet({ image, latentSize: 3, filters: 2 }), { random: random() }),
    discriminator: () =>
      discriminatorOf(resnet({ image, discriminatorFilters: 2 }), {
        constrain: spectrallyNormalized,
        random: random(),
      }),
  };
  /** ∂/∂weights of Σ‖∂(Σ y²)/∂x‖², as gradient penalties have it. */
  const gradients = async (backend: string, make: () => tf.LayersModel) => {
    await tf.setBackend(backend);
    const model = make();
    shake(model);
    const x = wave([3, ...(model.inputs[0]!.shape.slice(1) as number[])], 1);
    const score = (v: tf.Tensor) =>
      tf.sum(tf.square(model.apply(v, { training: true }) as tf.Tensor));
    const weights = model.trainableWeights.map((w) => ({
      name: w.originalName,
      variable: (w as unknown as { val: tf.Variable }).val,
    }));
    const { value, grads } = tf.variableGrads(
      () => tf.sum(tf.square(tf.grad(score)(x))) as tf.Scalar,
      weights.map(({ variable }) => variable),
    );
    const result = weights.flatMap(({ name, variable }) => {
      const gradient = grads[variable.name];
      return gradient ? [[name, Float64Array.from(gradient.dataSync())] as const] : [];
    });
    tf.dispose([value, grads, x]);
    model.dispose();
    return Object.fromEntries(result);
  };
  for (const make of Object.values(networks)) {
    const actual = await gradients('ganloom-wasm', make);
    const expected = await gradients('cpu', make);
    await tf.setBackend('ganloom-wasm');
    expect(Object.keys(actual)).toEqual(Object.keys(expected));
    expect(Object.keys(expected).length).toBeGreaterThan(9);
    const scale = Math.max(...Object.values(expected).flatMap((v) => [...v.map(Math.abs)]));
    expect(scale).toBeGreaterThan(0);
    for (const [name, values] of Object.entries(expected)) {
      expect(actual[name]!, name).toBeAllclose(values, { rtol: 2e-3, atol: 1e-5 * scale });
    }
  }
});

it('lets the discriminator be normalized, constrained and ended otherwise', () => {
  const image = { height: 16, width: 16, channels: 1 };
  const constrained: string[] = [];
  const normalized: string[] = [];
  const discriminator = discriminatorOf(resnet({ image, discriminatorFilters: 2 }), {
    random: random(),
    normalize(x, name) {
      normalized.push(name);
      return x;
    },
    constrain(layer) {
      constrained.push(layer.name);
      return layer;
    },
    head: (features) =>
      tf.layers.dense({ name: 'head', units: 5 }).apply(features) as tf.SymbolicTensor,
  });
  expect(constrained).toEqual([
    ...['down1_in', 'down1_out', 'down1_shortcut', 'plain1_in', 'plain1_out'],
    ...['plain2_in', 'plain2_out', 'logit'],
  ]);
  expect(normalized).toEqual([
    ...['plain1_in_norm', 'plain1_out_norm', 'plain2_in_norm', 'plain2_out_norm'],
    'features_norm',
  ]);
  expect(shapes(discriminator)).toMatchObject({ 'head/kernel': [2, 5], 'logit/kernel': [5, 1] });
  discriminator.dispose();
});

it('is an architecture, whose discriminator has half the width', () => {
  const image = { height: 8, width: 8, channels: 3 };
  const { name, latentSize, generator, discriminator } = resnet({ image, filters: 5 });
  expect([name, latentSize]).toEqual(['resnet', 128]);
  const normalized: string[] = [];
  const none: Normalize = (x, layer) => {
    normalized.push(layer);
    return x;
  };
  expect(generator(tf.input({ shape: [7] }), none).shape).toEqual([null, 8, 8, 3]);
  expect(normalized).toEqual(['up1_in_norm', 'up1_out_norm', 'picture_norm']);
  // Of any number of channels.
  const picture = tf.input({ shape: [8, 8, 6] });
  expect(discriminator(picture).shape).toEqual([null, 3]);
  const wide = resnet({ image, filters: 5, discriminatorFilters: 4 });
  expect(wide.discriminator(picture).shape).toEqual([null, 4]);
});

it('refuses sizes and counts that it cannot make', () => {
  const image = { height: 32, width: 32, channels: 3 };
  const small = { height: 7, width: 7, channels: 3 };
  expect(() => resnet({ image: small })).toThrow(UsageError);
  expect(() => resnet({ image: small })).toThrow(
    'resnet: pictures must be at least 8 pixels along one side and 4 along the other',
  );
  expect(() => resnet({ image, latentSize: 0 })).toThrow(
    'resnet: latentSize must be a positive integer, got 0',
  );
  expect(() => resnet({ image, filters: 1.5 })).toThrow(
    'resnet: filters must be a positive integer, got 1.5',
  );
  expect(() => resnet({ image, discriminatorFilters: -1 })).toThrow(
    'resnet: discriminatorFilters must be a positive integer, got -1',
  );
});
