import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { decodeNpy } from '@ganloom/storage';
import { imresize } from './imresize';
import type { Picture } from './picture';

async function fixture(name: string): Promise<Picture> {
  const file = new URL(`../../fixtures/imresize-${name}.npy`, import.meta.url);
  const { data, shape } = decodeNpy(await readFile(file));
  const [height, width, channels] = shape as [number, number, number];
  return { data: data as Uint8Array, height, width, channels };
}

it.each([
  ['quarter', 1 / 4],
  ['half', 1 / 2],
  ['seven-tenths', 0.7],
  ['double', 2],
  ['four', 4],
])('agrees with NumPy: %s', async (name, scale) => {
  expect(imresize(await fixture('input'), scale)).toEqual(await fixture(name));
});

it('agrees with NumPy without rounding between the passes', async () => {
  const wide = imresize(await fixture('input'), 4, { roundBetween: false });
  expect(wide).toEqual(await fixture('four-double'));
});

it('has the values computed by hand', () => {
  // u = −¼, ¼, ¾, 1¼: k(¼) = 111/128, k(¾) = 29/128, k(1¼) = −9/128, k(1¾) = −3/128. Mirrored,
  // the pixels are … 200 0 0 200 200 0 …, so at −¼ and at ¼:
  // (k(1¾) + k(1¼))·200 = −18.75, and (k(¾) + k(1¾))·200 = 40.6.
  const picture = { data: Uint8Array.of(0, 200), height: 1, width: 2, channels: 1 };
  const wider = imresize(picture, { height: 1, width: 4 });
  expect([...wider.data]).toEqual([0, 41, 159, 219]);
});

it('keeps a picture of one tone, and any picture at factor 1', () => {
  const grey = { data: new Uint8Array(35).fill(77), height: 5, width: 7, channels: 1 };
  for (const size of [
    { height: 3, width: 20 },
    { height: 11, width: 1 },
  ]) {
    expect(new Set(imresize(grey, size).data)).toEqual(new Set([77]));
  }
  const noise = { ...grey, data: Uint8Array.from({ length: 35 }, (_, i) => (i * 73) % 256) };
  expect(imresize(noise, 1)).toEqual(noise);
});

it('refuses sizes that are none', () => {
  const grey = { data: new Uint8Array(4), height: 2, width: 2, channels: 1 };
  expect(() => imresize(grey, 0)).toThrow('imresize: factor must be a number above 0, got 0');
  expect(() => imresize(grey, { height: 2, width: 1.5 })).toThrow(
    'imresize: width must be a positive integer, got 1.5',
  );
});
