import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createStripTiff } from './strip-tiff';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganloom-tiff-'));
});
afterEach(() => rm(folder, { recursive: true }));

it.each([
  ['one band', 3, 5, 3, [3]],
  ['bands, the last one shorter', 7, 3, 3, [3, 3, 1]],
  ['grey, of an odd number of bytes', 5, 3, 1, [4, 1]],
  ['several strips', 40, 3001, 3, [7, 33]],
])('is read back: %s', async (_, height, width, channels, bands) => {
  const pixels = Uint8Array.from({ length: height * width * channels }, (_v, i) => (i * 37) % 256);
  const path = join(folder, 'a.tif');
  const tiff = await createStripTiff(path, { height, width, channels });
  let at = 0;
  for (const rows of bands) {
    const bytes = rows * width * channels;
    await tiff.write(pixels.subarray(at, at + bytes));
    at += bytes;
  }
  await tiff.close();
  const { data, info } = await sharp(path)
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ height, width, channels });
  expect(pixels).toEqual(new Uint8Array(data));
});

it('refuses what the format cannot hold', async () => {
  const size = { height: 50_000, width: 50_000, channels: 3 };
  await expect(createStripTiff(join(folder, 'a.tif'), size)).rejects.toThrow(
    'the result must have less than 4 GiB of pixels, got 50000×50000; cut the picture',
  );
});
