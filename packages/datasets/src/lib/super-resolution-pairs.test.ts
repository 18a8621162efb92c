import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cropPicture, imresize, type Picture } from '@ganloom/images';
import { RandomStream } from '@ganloom/core';
import { checkDataset } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import sharp from 'sharp';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { superResolutionPairs } from './super-resolution-pairs';

const HEIGHT = 30;
const WIDTH = 41;
let folder: string;
let whole: Picture;

beforeAll(() => tf.setBackend('cpu'));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganloom-pairs-'));
  const data = new Uint8Array(
    RandomStream.fromSeed(1)
      .words(HEIGHT * WIDTH * 3)
      .map((w) => w >>> 24),
  );
  whole = { data, height: HEIGHT, width: WIDTH, channels: 3 };
  const raw = { raw: { width: WIDTH, height: HEIGHT, channels: 3 } } as const;
  await sharp(data, raw).toFile(join(folder, 'noise.png'));
});
afterEach(() => rm(folder, { recursive: true }));

const unit = ({ data }: Picture) => Float32Array.from(data, (v) => v / 127.5 - 1);

it.each([2, 4])(
  'gives what ×%i imresize of the whole picture gives there, to the bit',
  async (scale) => {
    const patch = 4 * scale;
    const data = await superResolutionPairs(folder, { scale, patch, patchesPerPicture: 10 });
    expect(data).toMatchObject({ size: 10, scale, shapes: { images: [patch, patch, 3] } });
    const rows = Math.floor(HEIGHT / scale);
    const columns = Math.floor(WIDTH / scale);
    const used = cropPicture(whole, 0, 0, rows * scale, columns * scale);
    const shrunk = imresize(used, { height: rows, width: columns });

    // Where each high-resolution patch is, found by looking; symmetries are undone by trying all.
    const { images, low } = await data.batch(Array.from({ length: 10 }, (_, i) => i));
    expect([images.shape, low.shape]).toEqual([
      [10, patch, patch, 3],
      [10, 4, 4, 3],
    ]);
    const seen = new Set<string>();
    for (let i = 0; i < 10; i++) {
      const found = tf.tidy(() => {
        const one = (all: tf.Tensor4D) => tf.squeeze(tf.slice(all, i, 1), [0]) as tf.Tensor3D;
        for (let s = 0; s < 8; s++) {
          const lay = (x: tf.Tensor3D) => {
            const axes = [s & 1, s & 2].flatMap((bit, axis) => (bit ? [axis] : []));
            const turned = axes.length > 0 ? tf.reverse(x, axes) : x;
            return s & 4 ? tf.transpose(turned, [1, 0, 2]) : turned;
          };
          const high = lay(one(images)).dataSync();
          for (let top = 0; top + 4 <= rows; top++) {
            for (let left = 0; left + 4 <= columns; left++) {
              const corner = used.data[(top * used.width + left) * scale * 3]!;
              if (high[0] !== Math.fround(corner / 127.5 - 1)) continue;
              const there = cropPicture(used, top * scale, left * scale, patch, patch);
              if (unit(there).some((v, at) => v !== high[at])) continue;
              const lowThere = unit(cropPicture(shrunk, top, left, 4, 4));
              expect(lay(one(low)).dataSync()).toEqual(lowThere);
              return `${top},${left},${s}`;
            }
          }
        }
        return undefined;
      });
      expect(found).toBeDefined();
      seen.add(found!);
    }
    expect(seen.size).toBeGreaterThan(7);
    tf.dispose([images, low]);
  },
);

it('draws patches from the stream that it is given, or from the index', async () => {
  const data = await superResolutionPairs(folder, { scale: 2, patch: 8 });
  expect(data.size).toBe(100);
  const valuesOf = async (indices: number[], seed?: number) => {
    const random = seed === undefined ? undefined : RandomStream.fromSeed(seed);
    const { images, low } = await data.batch(indices, random);
    const values = [...(await low.data())];
    tf.dispose([images, low]);
    return values;
  };
  const both = await valuesOf([7, 3]);
  expect(await valuesOf([3])).toEqual(both.slice(48));
  expect(await valuesOf([7, 3], 1)).toEqual(await valuesOf([7, 3], 1));
  expect(await valuesOf([7, 3], 1)).not.toEqual(await valuesOf([7, 3], 2));
  await checkDataset(data);
});

it('shrinks large pictures, and skips those smaller than a patch', async () => {
  const data = await superResolutionPairs(folder, { scale: 2, patch: 8, shorterSide: 8 });
  const { images, low } = await data.batch([0]);
  tf.dispose([images, low]);
  await expect(superResolutionPairs(folder, { scale: 4, patch: 32 })).rejects.toThrow(
    'noise.png: is 30×41 pixels, smaller than a patch of 32×32',
  );
});

it('says what does not fit', async () => {
  await expect(superResolutionPairs(folder, { scale: 4, patch: 30 })).rejects.toThrow(
    'patch must be a multiple of scale (=4), got 30',
  );
  await expect(superResolutionPairs(folder, { scale: 1.5 })).rejects.toThrow(
    'scale must be a positive integer, got 1.5',
  );
  const data = await superResolutionPairs(folder, { scale: 2, patch: 8 });
  await expect(data.batch([100])).rejects.toThrow(
    'an index must be an integer from 0 to 99, got 100',
  );
});
