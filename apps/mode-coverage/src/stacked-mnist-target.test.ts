import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useBackend } from '@ganloom/backends';
import { RandomStream } from '@ganloom/core';
import { uint8Dataset } from '@ganloom/datasets';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { stackedMnistTarget } from './stacked-mnist-target';

let cache: string;
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'ganloom-stacked-'));
  await useBackend('wasm', { threads: 1 });
});
afterAll(() => rm(cache, { recursive: true }));

const SIZE = 2560;
/** "Digits" of three classes: dark, grey and bright. */
const digits = uint8Dataset({
  name: 'tones',
  pixels: Uint8Array.from({ length: 16 * SIZE }, (_, i) => {
    const noise = (i * 37) % 20;
    return [noise, 118 + noise, 235 + noise][(i >> 4) % 3]!;
  }),
  labels: Array.from({ length: SIZE }, (_, i) => i % 3),
  imageShape: { height: 4, width: 4, channels: 1 },
  classNames: ['dark', 'grey', 'bright'],
});

/** Pictures whose red and green are dark or bright, as two latents say, and whose blue is grey. */
function generator(): tf.LayersModel {
  const latent = tf.input({ shape: [2] });
  const tones = tf.layers.dense({ units: 48, activation: 'tanh', useBias: false });
  const picture = tf.layers.reshape({ targetShape: [4, 4, 3] });
  const outputs = picture.apply(tones.apply(latent)) as tf.SymbolicTensor;
  const kernel = Array.from({ length: 96 }, (_, i) => (i % 3 === Math.floor(i / 48) ? 1e5 : 0));
  tf.tidy(() => tones.setWeights([tf.tensor2d(kernel, [2, 48])]));
  return tf.model({ inputs: latent, outputs });
}

it('counts triples as a classifier of single digits sees them', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const kind = stackedMnistTarget({ load: async () => digits, samples: 1200 });
  await kind.prepare!({ cache });
  expect(said.mock.calls.flat().join('\n')).toMatch(
    /classifier: 100.00 % of 2560 real digits right/,
  );
  const target = kind.make({ cache });
  const model = generator();
  const sampler = { inputs: [{ kind: 'normal', shape: [2] }] } as const;
  const before = tf.memory().numTensors;
  const coverage = await target.measure({ model, sampler }, RandomStream.fromSeed(1));
  expect(tf.memory().numTensors).toBe(before);
  expect(coverage).toMatchObject({ modes: 4, of: 27, samples: 1200 });
  // Four of 27, evenly to a few percent.
  expect(coverage.divergence).toBeGreaterThanOrEqual(Math.log(27 / 4) - 1e-9);
  expect(coverage.divergence).toBeLessThan(Math.log(27 / 4) + 0.01);
  // Blue is grey; red and green are dark or bright, each in half of the samples.
  const [red, green, blue] = coverage.digits!;
  expect(blue).toEqual([0, 1200, 0]);
  for (const [dark, grey, bright] of [red!, green!]) {
    expect([dark! + bright!, grey]).toEqual([1200, 0]);
    expect(Math.abs(dark! - 600)).toBeLessThan(5 * Math.sqrt(300));
  }
  expect(
    said.mock.calls
      .flat()
      .join('\n')
      .match(/training a classifier/g),
  ).toHaveLength(1);
  said.mockRestore();
  model.dispose();
});

it('trains on triples, at any width', async () => {
  const target = stackedMnistTarget({ load: async () => digits }).make({ cache, filters: 3 });
  const data = await target.data(RandomStream.fromSeed(1));
  expect([data.size, data.shapes['images']]).toEqual([128_000, [4, 4, 3]]);
  const features = target.architecture.discriminator(tf.input({ shape: [28, 28, 3] }));
  expect(features.shape).toEqual([null, 2 * 2 * 24]);
});
