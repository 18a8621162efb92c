import { RandomStream } from '@ganloom/core';
import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { compactSrNet } from './compact-sr-net';
import { receptiveRadius } from './receptive-radius';
import { srResNet } from './sr-resnet';
import { scaleOf, upscale, upscaleBands } from './upscale-bands';

beforeAll(() => tf.setBackend('cpu'));

const random = RandomStream.fromSeed(3);
const tiny = { blocks: 1, filters: 2, channels: 1, random };

function noise(height: number, width: number, channels = 1) {
  const words = random.fork('noise').words(height * width * channels);
  return { data: Uint8Array.from(words, (w) => w >>> 24), height, width, channels };
}

/** Weights so large that every part of the network counts. */
function shaken(model: tf.LayersModel): tf.LayersModel {
  for (const weight of model.trainableWeights) {
    const shape = weight.shape as number[];
    tf.tidy(() => void weight.write(random.fork(weight.name).normal(shape, 0, 0.3)));
  }
  return model;
}

describe('receptiveRadius', () => {
  it('is the sum of the 3×3 convolutions of the compact network', () => {
    // head, two in each block, body_out, detail.
    const model = compactSrNet({ ...tiny, scale: 4 });
    expect(receptiveRadius(model)).toBe(5);
    model.dispose();
  });

  it('counts pixels of the input behind a pixel shuffle', () => {
    // 4 for the head, 2 + 1 for the body, 1 and ⌈1/2⌉ for the doublings, ⌈4/4⌉ for the end.
    const model = srResNet({ ...tiny, scale: 4 });
    expect(receptiveRadius(model)).toBe(10);
    model.dispose();
  });

  it('says which layer it does not know', () => {
    const input = tf.input({ shape: [8, 8, 1] });
    const pool = tf.layers.maxPooling2d({ name: 'pool', poolSize: 2 });
    const model = tf.model({ inputs: input, outputs: pool.apply(input) as tf.SymbolicTensor });
    expect(() => receptiveRadius(model)).toThrow('got "MaxPooling2D "pool""; give the overlap');
  });
});

describe('upscale', () => {
  it.each([
    ['compact, ×4', () => compactSrNet({ ...tiny, scale: 4 })],
    ['compact, ×3, RGB', () => compactSrNet({ ...tiny, scale: 3, channels: 3 })],
    ['SRResNet, ×2', () => srResNet({ ...tiny, scale: 2 })],
  ])('makes of tiles what the whole gives: %s', async (_, make) => {
    const model = shaken(make());
    const scale = scaleOf(model);
    const picture = noise(23, 31, model.inputs[0]!.shape[3]!);
    const whole = await upscale(model, picture, { tile: 100 });
    expect(whole).toMatchObject({ height: 23 * scale, width: 31 * scale });
    const bytes = tf.tidy(() => {
      const x = tf
        .tensor4d([...picture.data], [1, 23, 31, picture.channels])
        .div(127.5)
        .sub(1);
      const y = model.apply(x) as tf.Tensor;
      return y.add(1).mul(127.5).clipByValue(0, 255).round().dataSync();
    });
    expect([...whole.data]).toEqual([...bytes]);
    for (const tile of [5, 16]) {
      const tiled = await upscale(model, picture, { tile });
      // Sums of another order may round a half the other way.
      expect(tiled.data).toBeAllclose(whole.data, { rtol: 0, atol: 1 });
    }
    // The bound is needed: without surroundings seams are off by more than rounding.
    const seams = await upscale(model, picture, { tile: 8, overlap: 0 });
    const worst = seams.data.reduce((max, v, i) => Math.max(max, Math.abs(v - whole.data[i]!)), 0);
    expect(worst).toBeGreaterThan(3);
    model.dispose();
  });

  it('gives bands, tells of progress, and leaves no tensor', async () => {
    const model = compactSrNet({ ...tiny, scale: 2 });
    const told: number[] = [];
    const bands: number[][] = [];
    const options = { tile: 4, overlap: 1, onProgress: (pixels: number) => told.push(pixels) };
    await expectNoLeak(async () => {
      for await (const { height, width, data } of upscaleBands(model, noise(6, 5), options)) {
        bands.push([height, width, data.length]);
      }
    });
    expect(bands).toEqual([
      [8, 10, 80],
      [4, 10, 40],
    ]);
    expect(told).toEqual([16, 20, 28, 30]);
    model.dispose();
  });

  it('says what does not fit', async () => {
    const model = compactSrNet({ ...tiny, scale: 2 });
    await expect(upscale(model, noise(4, 4, 3))).rejects.toThrow(
      'upscaleBands: the network takes pictures of 1 channel(s), got 3',
    );
    await expect(upscale(model, noise(4, 4), { tile: 0 })).rejects.toThrow(
      'upscaleBands: tile must be a positive integer, got 0',
    );
    model.dispose();
  });
});
