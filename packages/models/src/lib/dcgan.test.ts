import '@ganloom/test-tools';
import { type ImageShape, RandomStream, UsageError } from '@ganloom/core';
import { useWasm } from '@ganloom/backend-wasm';
import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { unnormalized } from './architecture';
import { dcgan } from './dcgan';
import { discriminatorOf } from './discriminator-of';
import { generatorOf } from './generator-of';
import { resolutionChain } from './resolution-chain';

beforeAll(async () => void (await useWasm({ threads: 1 })));

const random = () => RandomStream.fromSeed(1);
const shapes = (model: tf.LayersModel) =>
  Object.fromEntries(
    model.layers.flatMap((l) => l.trainableWeights.map((w) => [w.originalName, w.shape])),
  );

const sizes: [string, ImageShape][] = [
  ['MNIST, 28×28 grey', { height: 28, width: 28, channels: 1 }],
  ['200×200 grey', { height: 200, width: 200, channels: 1 }],
  ['64×64 color', { height: 64, width: 64, channels: 3 }],
  ['odd and oblong', { height: 45, width: 37, channels: 2 }],
  ['a strip', { height: 4, width: 50, channels: 4 }],
  ['the smallest', { height: 4, width: 8, channels: 1 }],
];

describe.each(sizes)('%s', (_, image) => {
  it('makes and judges pictures of that size', () => {
    const latentSize = 5;
    const generator = generatorOf(dcgan({ image, latentSize, filters: 2 }), { random: random() });
    const discriminator = discriminatorOf(dcgan({ image, filters: 2 }), { random: random() });
    expectNoLeak(() =>
      tf.tidy(() => {
        const pictures = generator.apply(random().normal([2, latentSize]), {
          training: true,
        }) as tf.Tensor;
        expect(pictures.shape).toEqual([2, image.height, image.width, image.channels]);
        expect(pictures.abs().max().dataSync()[0]).toBeLessThanOrEqual(1);
        const logits = discriminator.apply(pictures, { training: true }) as tf.Tensor;
        expect(logits.shape).toEqual([2, 1]);
        expect(Number.isFinite(logits.dataSync()[0])).toBe(true);
      }),
    );
    generator.dispose();
    discriminator.dispose();
  });
});

it('has the layers of the paper: widths 2f and f for 28×28', () => {
  const image = { height: 28, width: 28, channels: 1 };
  const generator = generatorOf(dcgan({ image, latentSize: 100, filters: 64 }), {
    random: random(),
  });
  const discriminator = discriminatorOf(dcgan({ image, filters: 64 }), { random: random() });
  expect(shapes(generator)).toEqual({
    'project/kernel': [100, 6272],
    'project_norm/gamma': [6272],
    'project_norm/beta': [6272],
    'up1/kernel': [4, 4, 64, 128],
    'up1_norm/gamma': [64],
    'up1_norm/beta': [64],
    'picture/kernel': [4, 4, 1, 64],
    'picture/bias': [1],
  });
  expect(shapes(discriminator)).toEqual({
    'down1/kernel': [4, 4, 1, 64],
    'down1/bias': [64],
    'down2/kernel': [4, 4, 64, 128],
    'down2_norm/gamma': [128],
    'down2_norm/beta': [128],
    'logit/kernel': [6272, 1],
    'logit/bias': [1],
  });
  generator.dispose();
  discriminator.dispose();
});

it('starts from the seed alone, with the deviations of the paper', () => {
  const image = { height: 28, width: 28, channels: 1 };
  const make = (seed: number) => {
    const model = generatorOf(dcgan({ image, filters: 16 }), {
      random: RandomStream.fromSeed(seed),
    });
    const weights = model.getWeights().map((w) => w.dataSync());
    const gamma = model.getLayer('project_norm').trainableWeights[0]!.read().dataSync();
    const kernel = model.getLayer('project').trainableWeights[0]!.read().dataSync();
    model.dispose();
    return { weights, gamma, kernel };
  };
  const first = make(3);
  expect(make(3).weights).toEqual(first.weights);
  expect(make(4).weights[0]).not.toEqual(first.weights[0]);
  const moments = (values: ArrayLike<number>) => {
    const all = Array.from(values);
    const mean = all.reduce((sum, v) => sum + v, 0) / all.length;
    return [
      mean,
      Math.sqrt(all.reduce((sum, v) => sum + (v - mean) ** 2, 0) / all.length),
    ] as const;
  };
  // Five standard errors: 156,800 kernel weights, 1,568 gammas.
  expect(Math.abs(moments(first.kernel)[0])).toBeLessThan((5 * 0.02) / Math.sqrt(156_800));
  expect(Math.abs(moments(first.kernel)[1] - 0.02)).toBeLessThan(
    (5 * 0.02) / Math.sqrt(2 * 156_800),
  );
  expect(Math.abs(moments(first.gamma)[0] - 1)).toBeLessThan((5 * 0.02) / Math.sqrt(1568));
});

it('computes the same as the stock layers that it is saved as, in training and inference', async () => {
  const image = { height: 12, width: 12, channels: 1 };
  const fast = discriminatorOf(dcgan({ image, filters: 3 }), { random: random() });
  const stock = await tf.models.modelFromJSON(fast.toJSON(null, false) as never);
  stock.setWeights(fast.getWeights());
  const x = random().normal([4, 12, 12, 1]);
  for (const training of [true, false]) {
    const [a, b] = [fast, stock].map((model) => model.apply(x, { training }) as tf.Tensor);
    expect(a!).toBeAllclose(b!, { rtol: 1e-4, atol: 1e-5 });
  }
  x.dispose();
});

it('follows the statistics of the batches as PyTorch does', () => {
  const image = { height: 8, width: 8, channels: 1 };
  const generator = generatorOf(dcgan({ image, latentSize: 3, filters: 2 }), { random: random() });
  const norm = generator.getLayer('project_norm');
  const [mean, variance] = norm.nonTrainableWeights;
  tf.tidy(() => {
    const z = random().normal([6, 3]);
    generator.apply(z, { training: true });
    const x = tf.matMul(
      z as tf.Tensor2D,
      generator.getLayer('project').getWeights()[0] as tf.Tensor2D,
    );
    const moments = tf.moments(x, 0);
    // 0.9·old + 0.1·new, the variance unbiased: n/(n − 1) of the biased one.
    expect(mean!.read()).toBeAllclose(moments.mean.mul(0.1), { rtol: 1e-4, atol: 1e-6 });
    expect(variance!.read()).toBeAllclose(moments.variance.mul((0.1 * 6) / 5).add(0.9), {
      rtol: 1e-4,
    });
    const before = mean!.read().dataSync();
    generator.apply(z, { training: false });
    expect(mean!.read().dataSync()).toEqual(before);
  });
});

it('has the same second-order gradients on the wasm backend as in composed operations', async () => {
  const image = { height: 16, width: 16, channels: 1 };
  /** ∂/∂weights of Σ‖∂D/∂x‖², as a gradient penalty has it. */
  const gradients = async (backend: string) => {
    await tf.setBackend(backend);
    const model = discriminatorOf(dcgan({ image, filters: 2 }), { random: random() });
    // Larger weights than at the start, so that nothing is near rounding.
    model.setWeights(
      model.getWeights().map((w, i) =>
        tf.tensor(
          w.dataSync().map((v, j) => 10 * v + Math.sin(i + j)),
          w.shape,
        ),
      ),
    );
    const x = tf.tensor(
      Float32Array.from({ length: 3 * 256 }, (_, i) => Math.sin(1.3 * i)),
      [3, 16, 16, 1],
    );
    const score = (v: tf.Tensor) => tf.sum(model.apply(v, { training: true }) as tf.Tensor);
    const variables = model.trainableWeights.map((w) => (w as unknown as { val: tf.Variable }).val);
    const { value, grads } = tf.variableGrads(
      () => tf.sum(tf.square(tf.grad(score)(x))) as tf.Scalar,
      variables,
    );
    const result = variables
      .filter(({ name }) => grads[name] !== undefined)
      .map(
        ({ name }) =>
          [name.replace(/_\d+$/, ''), Float64Array.from(grads[name]!.dataSync())] as const,
      );
    tf.dispose([value, grads, x]);
    model.dispose();
    return Object.fromEntries(result);
  };
  const actual = await gradients('ganloom-wasm');
  const expected = await gradients('cpu');
  await tf.setBackend('ganloom-wasm');
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, values] of Object.entries(expected)) {
    const scale = Math.max(...values.map(Math.abs));
    expect(actual[name]!, name).toBeAllclose(values, { rtol: 2e-3, atol: 1e-4 * scale });
  }
  expect(Object.keys(expected).length).toBeGreaterThan(4);
});

describe('sizes it cannot make', () => {
  const make = (image: ImageShape) => () => dcgan({ image });
  it.each([
    { height: 7, width: 7, channels: 1 },
    { height: 3, width: 64, channels: 1 },
    { height: 28.5, width: 28, channels: 1 },
    { height: 28, width: 28, channels: 0 },
  ])('$height×$width×$channels', (image) => {
    expect(make(image)).toThrow(UsageError);
    expect(make(image)).toThrow(
      `dcgan: pictures must be at least 8 pixels along one side and 4 along the other, with one ` +
        `channel or more, got ${image.height}×${image.width}×${image.channels}; resize them`,
    );
  });

  it('refuses counts that are none', () => {
    const image = { height: 28, width: 28, channels: 1 };
    expect(() => dcgan({ image, latentSize: 0 })).toThrow('latentSize must be a positive');
    expect(() => dcgan({ image, filters: 1.5 })).toThrow('filters must be a positive');
  });
});

it('halves sizes, rounding up, until 7 at most', () => {
  expect(resolutionChain('x', { height: 200, width: 30, channels: 1 })).toEqual([
    [200, 30],
    [100, 15],
    [50, 8],
    [25, 4],
    [13, 2],
    [7, 1],
  ]);
});

it('has a smallest map of the size that is asked for', () => {
  const image = { height: 28, width: 28, channels: 3 };
  // As Lin et al. 2018 have for stacked MNIST: 2×2×8f, 4×4×4f, 7×7×2f, 14×14×f, 28×28×3.
  const generator = generatorOf(dcgan({ image, filters: 4, smallest: 2 }), { random: random() });
  const maps = (model: tf.LayersModel, kind: string) =>
    model.layers.filter((l) => l.getClassName() === kind).map((l) => l.outputShape.slice(1));
  expect(maps(generator, 'Reshape')).toEqual([[2, 2, 32]]);
  expect(maps(generator, 'Conv2DTranspose')).toEqual([
    [4, 4, 16],
    [8, 8, 8],
    [14, 14, 4],
    [28, 28, 3],
  ]);
  expect(generator.outputShape).toEqual([null, 28, 28, 3]);
  const discriminator = discriminatorOf(dcgan({ image, filters: 4, smallest: 2 }), {
    random: random(),
  });
  expect(discriminator.getLayer('flat').outputShape).toEqual([null, 2 * 2 * 32]);

  for (const smallest of [0, 1.5, 28]) {
    expect(() => dcgan({ image, smallest })).toThrow(
      `dcgan: smallest must be an integer of at least 1 and below 28, got ${smallest}`,
    );
  }
});

it('lets the discriminator be normalized, constrained and ended otherwise', () => {
  const image = { height: 16, width: 16, channels: 1 };
  const constrained: string[] = [];
  const discriminator = discriminatorOf(dcgan({ image, filters: 2 }), {
    random: random(),
    normalize: unnormalized,
    constrain(layer) {
      constrained.push(layer.name);
      return layer;
    },
    head: (features) =>
      tf.layers.dense({ name: 'head', units: 5 }).apply(features) as tf.SymbolicTensor,
  });
  expect(constrained).toEqual(['down1', 'down2', 'logit']);
  expect(discriminator.layers.filter(({ name }) => name.endsWith('_norm'))).toEqual([]);
  expect(shapes(discriminator)).toMatchObject({
    'down1/bias': [2],
    'down2/bias': [4],
    'head/kernel': [64, 5],
    'logit/kernel': [5, 1],
  });
  discriminator.dispose();
});

it('has biases in a generator without normalization', () => {
  const image = { height: 28, width: 28, channels: 1 };
  const { generator } = dcgan({ image, latentSize: 3, filters: 2 });
  const latent = tf.input({ shape: [3] });
  const model = tf.model({ inputs: latent, outputs: generator(latent, unnormalized) });
  expect(shapes(model)).toMatchObject({
    'project/bias': [196],
    'up1/bias': [2],
    'picture/bias': [1],
  });
  model.dispose();
});
