import { RandomStream } from '@ganloom/core';
import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { compactSrNet } from './compact-sr-net';
import { heInitialize } from './he-initialize';
import { preluLayer } from './prelu-layer';
import { srResNet } from './sr-resnet';
import { srganDiscriminator } from './srgan-discriminator';

beforeAll(() => tf.setBackend('cpu'));

const random = RandomStream.fromSeed(5);

/** The same network as plain TensorFlow.js makes it of what was saved. */
async function plain(model: tf.LayersModel): Promise<tf.LayersModel> {
  type Topology = Parameters<typeof tf.models.modelFromJSON>[0];
  const copy = await tf.models.modelFromJSON(model.toJSON(null, false) as Topology);
  copy.setWeights(model.getWeights());
  return copy;
}

/** Gradients of a step reach every weight that learns, and leave nothing behind. */
function checkTrains(model: tf.LayersModel, input: tf.Tensor): void {
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  expectNoLeak(() => {
    const { value, grads } = tf.variableGrads(
      () => tf.mean(tf.square(model.apply(input, { training: true }) as tf.Tensor)) as tf.Scalar,
      variables,
    );
    for (const { name } of variables) {
      const largest = tf.tidy(() => tf.max(tf.abs(grads[name]!)).dataSync()[0]!);
      expect([name, Number.isFinite(largest) && largest > 0]).toEqual([name, true]);
    }
    return { value, ...grads };
  });
}

const count = (model: tf.LayersModel) =>
  model.trainableWeights.reduce(
    (sum, { shape }) => sum + tf.util.sizeFromShape(shape as number[]),
    0,
  );

describe.each([
  ['compactSrNet', compactSrNet],
  ['srResNet', srResNet],
])('%s', (_, make) => {
  it.each([2, 4])('enlarges pictures of any size by %i, and trains', (scale) => {
    const model = make({ scale, blocks: 1, filters: 4, random });
    tf.tidy(() => {
      for (const [h, w] of [
        [1, 1],
        [3, 5],
      ] as const) {
        const y = model.apply(tf.zeros([2, h, w, 3])) as tf.Tensor;
        expect(y.shape).toEqual([2, h * scale, w * scale, 3]);
      }
    });
    const x = random.fork('x').normal([1, 4, 4, 3]);
    checkTrains(model, x);
    x.dispose();
    model.dispose();
  });

  it('computes the same when plain TensorFlow.js loads it', async () => {
    const model = make({ scale: 2, blocks: 1, filters: 4, channels: 1, random });
    const copy = await plain(model);
    tf.tidy(() => {
      const x = random.fork('x').normal([2, 3, 5, 1]);
      expect(copy.apply(x) as tf.Tensor).toBeAllclose(model.apply(x) as tf.Tensor);
    });
    tf.dispose([...model.getWeights(), ...copy.getWeights()]);
  });

  it('has the same weights for the same seed', () => {
    const [a, b, c] = [5, 5, 6].map((seed) =>
      make({ scale: 2, blocks: 1, filters: 4, random: RandomStream.fromSeed(seed) }),
    );
    const first = (model: tf.LayersModel) => [...model.getWeights()[0]!.dataSync()];
    expect(first(a!)).toEqual(first(b!));
    expect(first(a!)).not.toEqual(first(c!));
  });
});

it('begins close to the picture, its pixels repeated', () => {
  const model = compactSrNet({ scale: 2, blocks: 2, filters: 8, channels: 1, random });
  tf.tidy(() => {
    const x = tf.tensor4d([-1, 1, 0.5, 0], [1, 2, 2, 1]);
    const repeated = [-1, -1, 1, 1, -1, -1, 1, 1, 0.5, 0.5, 0, 0, 0.5, 0.5, 0, 0];
    expect(model.apply(x) as tf.Tensor).toBeAllclose(repeated, { atol: 0.6 });
  });
  model.dispose();
});

it("has as many weights as the papers' networks", () => {
  // Ledig et al.: 9·9·3·64 and so on; about 1.5 million.
  const perBlock = 2 * (9 * 64 * 64 + 2 * 64) + 64;
  const head = 81 * 3 * 64 + 64 + 64;
  const doubling = 9 * 64 * 256 + 256 + 64;
  const end = 81 * 64 * 3 + 3;
  const paper = srResNet({ scale: 4, random });
  expect(count(paper)).toBe(head + 16 * perBlock + (9 * 64 * 64 + 2 * 64) + 2 * doubling + end);
  paper.dispose();
  const conv = (from: number, to: number) => 9 * from * to + to;
  const compact = compactSrNet({ scale: 4, random });
  expect(count(compact)).toBe(conv(3, 32) + 17 * conv(32, 32) + conv(32, 48));
  compact.dispose();
});

describe('srganDiscriminator', () => {
  it('makes a logit of a picture, and trains', () => {
    const image = { height: 16, width: 24, channels: 3 };
    const model = srganDiscriminator({ image, filters: 2, random });
    expect(model.outputs[0]!.shape).toEqual([null, 1]);
    // Five of eight convolutions would see one pixel otherwise: 16 and 24 halve to 1 and 2.
    const x = random.fork('x').normal([3, 16, 24, 3]);
    checkTrains(model, x);
    x.dispose();
    model.dispose();
  });

  it("has the paper's layers", () => {
    const image = { height: 32, width: 32, channels: 3 };
    const model = srganDiscriminator({ image, filters: 4, random });
    const shapes = model.layers
      .filter((layer) => /^(conv\d|dense)$/.test(layer.name))
      .map((layer) => layer.outputShape);
    expect(shapes).toEqual([
      [null, 32, 32, 4],
      [null, 16, 16, 4],
      [null, 16, 16, 8],
      [null, 8, 8, 8],
      [null, 8, 8, 16],
      [null, 4, 4, 16],
      [null, 4, 4, 32],
      [null, 2, 2, 32],
      [null, 64],
    ]);
    model.dispose();
  });
});

it('is a PReLU with a slope for each channel', () => {
  const input = tf.input({ shape: [null, null, 2] });
  const layer = preluLayer('slopes');
  const model = tf.model({ inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor });
  tf.tidy(() => {
    layer.setWeights([tf.tensor3d([0.5, -1], [1, 1, 2])]);
    const x = tf.tensor4d([1, 2, -2, -4], [1, 1, 2, 2]);
    expect(model.apply(x) as tf.Tensor).toBeAllclose([1, 2, -1, 4]);
    const gradient = tf.grad((v) => tf.sum(model.apply(v) as tf.Tensor))(x);
    expect(gradient).toBeAllclose([1, 1, 0.5, -1]);
  });
  model.dispose();
});

it('draws weights of the variance that keeps signals alive', () => {
  const input = tf.input({ shape: [200] });
  const outputs = tf.layers.dense({ name: 'wide', units: 100 }).apply(input) as tf.SymbolicTensor;
  const model = heInitialize(tf.model({ inputs: input, outputs }), random, () => 3);
  const variance = tf.tidy(() => tf.moments(model.getWeights()[0]!).variance.dataSync()[0]!);
  // 3²·2/200, from 20,000 draws: 1 % of standard error.
  expect(variance).toBeGreaterThan(0.09 * 0.95);
  expect(variance).toBeLessThan(0.09 * 1.05);
  model.dispose();
});

it('says what does not fit', () => {
  expect(() => compactSrNet({ scale: 1, random })).toThrow(
    'compactSrNet: scale must be an integer from 2 to 8, got 1',
  );
  expect(() => srResNet({ scale: 3, random })).toThrow('srResNet: scale must be 2, 4 or 8, got 3');
  expect(() => srResNet({ scale: 2, blocks: 0, random })).toThrow(
    'srResNet: blocks must be a positive integer, got 0',
  );
  const image = { height: 12, width: 40, channels: 3 };
  expect(() => srganDiscriminator({ image, random })).toThrow(
    'srganDiscriminator: pictures must be at least 16×16, got 12×40; use larger patches',
  );
});
