import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { RandomStream } from '@ganloom/core';
import { expectNoLeak } from '@ganloom/test-tools';
import { checkDataset } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import sharp from 'sharp';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { imageFolder } from './image-folder';
import { datasets, openDataset } from './datasets';
import { parseDatasetName } from './named-dataset';

let folder: string;
beforeAll(() => tf.setBackend('cpu'));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganloom-folder-'));
});
afterEach(() => rm(folder, { recursive: true }));

type Pixel = (y: number, x: number) => readonly number[];

/** Writes a picture in the format that the name's ending says. */
async function picture(name: string, height: number, width: number, pixel: Pixel) {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  const pixels = Array.from({ length: height * width }, (_, i) =>
    pixel(Math.floor(i / width), i % width),
  );
  const channels = pixels[0]!.length as 1 | 3 | 4;
  const raw = Buffer.from(pixels.flat());
  await sharp(raw, { raw: { width, height, channels } }).toFile(path);
}

const tone = (grey: number) => () => [grey, grey, grey];

async function bytesOf(images: tf.Tensor): Promise<number[]> {
  const data = await images.data();
  images.dispose();
  return Array.from(data, (v) => Math.round((v + 1) * 127.5));
}

describe('imageFolder', () => {
  it('reads PNG, JPEG and WebP below the folder in the order of their paths', async () => {
    await picture('c.webp', 4, 4, tone(30));
    await picture('sub/b.JPG', 4, 4, tone(20));
    await picture('a.png', 4, 4, tone(10));
    await picture('.hidden.png', 4, 4, tone(0));
    await writeFile(join(folder, 'notes.txt'), 'no picture');
    const data = await imageFolder(folder, { size: 4 });
    expect(data.files).toEqual(['a.png', 'c.webp', 'sub/b.JPG']);
    expect(data).toMatchObject({
      name: folder,
      size: 3,
      shapes: { images: [4, 4, 3] },
      skipped: [],
    });
    expect(data.classNames).toBeUndefined();

    const { images, labels } = await data.batch([2, 0]);
    expect(labels).toBeUndefined();
    expect(images.shape).toEqual([2, 4, 4, 3]);
    const bytes = await bytesOf(images);
    expect([bytes[0], bytes[48]]).toEqual([20, 10]);
  });

  it('shrinks to cover the size and cuts the middle', async () => {
    // 8×4 halved is 4×2, of which 2×2 is the middle: rows 2 to 5.
    await picture('tall.png', 8, 4, (y) => [y >= 2 && y < 6 ? 200 : 0, 0, 0]);
    const whole = await imageFolder(folder, { size: 2, channels: 1 });
    const { images } = await whole.batch([0]);
    expect(images.shape).toEqual([1, 2, 2, 1]);
    images.dispose();

    const sharpCut = await imageFolder(folder, { size: { height: 4, width: 2 }, shrink: false });
    const cut = await bytesOf((await sharpCut.batch([0])).images);
    expect(cut.filter((_, i) => i % 3 === 0)).toEqual(Array(8).fill(200));
  });

  it('cuts and flips by the given chances alone', async () => {
    await picture('a.png', 3, 9, (y, x) => [y * 9 + x, 0, 0]);
    const data = await imageFolder(folder, { size: 2, crop: 'random', shrink: false });
    const drawn = async (seed?: number) => {
      const random = seed === undefined ? undefined : RandomStream.fromSeed(seed);
      const bytes = await bytesOf((await data.batch([0, 0, 0, 0], random)).images);
      return bytes.filter((_, i) => i % 3 === 0);
    };
    const first = await drawn(1);
    expect(await drawn(1)).toEqual(first);
    await checkDataset(data);
    expect(await drawn(2)).not.toEqual(first);
    for (let i = 0; i < 16; i += 4) {
      const [a, b, c, d] = first.slice(i, i + 4) as [number, number, number, number];
      // Neighbors in the picture, in either direction, and the row below.
      expect([Math.abs(b - a), c - a, d - b]).toEqual([1, 9, 9]);
    }
    // Without chances, the middle: rows 1 and 2 of 3, columns 4 and 5 of 9.
    expect((await drawn()).slice(0, 4)).toEqual([13, 14, 22, 23]);
  });

  it('labels by sub-folders', async () => {
    await picture('dogs/1.png', 2, 2, tone(1));
    await picture('cats/deep/2.png', 2, 2, tone(2));
    await picture('cats/1.png', 2, 2, tone(3));
    const data = await imageFolder(folder, { size: 2 });
    expect(data.classNames).toEqual(['cats', 'dogs']);
    expect([...data.labels!]).toEqual([0, 0, 1]);
    await checkDataset(data);
    const batch = await data.batch([2, 1]);
    expect([...batch.labels!.dataSync()]).toEqual([1, 0]);
    tf.dispose({ ...batch });
    await picture('loose.png', 2, 2, tone(4));
    expect((await imageFolder(folder, { size: 2 })).labels).toBeUndefined();
  });

  it('turns by EXIF, lays on white, and makes grey', async () => {
    const raw = { raw: { width: 2, height: 1, channels: 3 } } as const;
    const file = join(folder, 'turned.png');
    await sharp(Buffer.from([0, 0, 0, 90, 90, 90]), raw)
      .withMetadata({ orientation: 6 })
      .toFile(file);
    const turned = await imageFolder(folder, { size: { height: 2, width: 1 }, channels: 1 });
    expect(await bytesOf((await turned.batch([0])).images)).toEqual([0, 90]);
    await rm(file);
    await picture('clear.png', 1, 1, () => [0, 0, 0, 0]);
    const clear = await imageFolder(folder, { size: 1 });
    expect(await bytesOf((await clear.batch([0])).images)).toEqual([255, 255, 255]);
  });

  it('skips broken and small files by name, and puts the next one in the place of a late one', async () => {
    await picture('a.png', 4, 4, tone(1));
    await picture('b.png', 40, 40, (y, x) => [(y * 7) % 256, (x * 5) % 256, (x * y) % 256]);
    await picture('c.png', 4, 4, tone(3));
    await picture('small.png', 3, 9, tone(4));
    await writeFile(join(folder, 'bad.jpg'), 'not a picture');
    const whole = await readFile(join(folder, 'b.png'));
    await writeFile(join(folder, 'b.png'), whole.subarray(0, whole.length / 2));

    const told: string[] = [];
    const data = await imageFolder(folder, { size: 4, onSkip: ({ file }) => told.push(file) });
    expect(data.files).toEqual(['a.png', 'b.png', 'c.png']);
    expect(data.skipped).toEqual([
      { file: 'bad.jpg', reason: expect.stringContaining('cannot be decoded: ') },
      { file: 'small.png', reason: 'is 3×9 pixels, smaller than 4×4' },
    ]);
    for (let time = 0; time < 2; time++) {
      const bytes = await bytesOf((await data.batch([1, 0])).images);
      expect([bytes[0], bytes[48]]).toEqual([3, 1]);
    }
    expect(data.skipped).toHaveLength(3);
    expect(told).toEqual(['bad.jpg', 'small.png', 'b.png']);
  });

  it('gives the same whatever the cache, and leaves no tensor', async () => {
    for (const name of ['a', 'b', 'c'])
      await picture(`${name}.png`, 8, 8, tone(name.charCodeAt(0)));
    const small = await imageFolder(folder, { size: 8, cacheBytes: 200 });
    await checkDataset(small);
    await expectNoLeak(async () => ({ ...(await small.batch([0, 1, 2])) }));
    const bytes = await bytesOf((await small.batch([2, 0, 2])).images);
    expect([bytes[0], bytes[192], bytes[384]]).toEqual([99, 97, 99]);
  });

  it('draws SVG on request', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#123456"/></svg>';
    await writeFile(join(folder, 'a.svg'), svg);
    const data = await imageFolder(folder, { size: 32, vectorSide: 32 });
    const bytes = await bytesOf((await data.batch([0])).images);
    expect(bytes.slice(0, 3)).toEqual([0x12, 0x34, 0x56]);
  });

  it('says what is wrong', async () => {
    for (const options of [undefined, {}, { crop: 'random' }]) {
      await expect(imageFolder('mine', options as never)).rejects.toThrow(
        'imageFolder mine: size must be a number, or { height, width }, got undefined; say imageFolder(path, { size: 64 })',
      );
    }
    await expect(imageFolder(folder, { size: 4 })).rejects.toThrow(
      `imageFolder ${folder}: ${folder} must hold usable pictures (.png, .jpg, .jpeg, .webp), got none`,
    );
    await picture('a.png', 2, 2, tone(1));
    await expect(imageFolder(folder, { size: 4 })).rejects.toThrow(
      'got only ones to skip (a.png: is 2×2 pixels, smaller than 4×4)',
    );
    await expect(imageFolder(folder, { size: 0 })).rejects.toThrow(
      'height must be a positive integer, got 0',
    );
    await expect(imageFolder(join(folder, 'nowhere'), { size: 4 })).rejects.toThrow(
      `scanFolder: the folder ${join(folder, 'nowhere')} must be readable, got "ENOENT`,
    );
    const data = await imageFolder(folder, { size: 2 });
    await expect(data.batch([1])).rejects.toThrow('an index must be an integer from 0 to 0, got 1');
  });
});

describe('data sets by name', () => {
  it('reads a folder', async () => {
    await picture('a.png', 70, 80, tone(1));
    const data = await openDataset({ kind: 'pictures', dataset: `folder:${folder}` });
    expect(data.shapes['images']).toEqual([64, 64, 3]);
    await expect(
      openDataset({ kind: 'pictures', dataset: `folder:${folder}`, split: 'test' }),
    ).rejects.toThrow('has no test part; name a folder of test pictures');
  });

  it.each(['cifar', 'mnist:x', 'idx', 'idx:', 'folder:', ''])('refuses "%s"', (text) => {
    expect(() => parseDatasetName(text, 'pictures', datasets)).toThrow(
      'dataset must be mnist, fashion-mnist[:FOLDER], idx:FOLDER or folder:FOLDER, ' +
        `got "${text}"`,
    );
  });
});
