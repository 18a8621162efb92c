import { gzipSync } from 'node:zlib';
import { GanloomError } from '@ganloom/core';
import { expect, it } from 'vitest';
import { decodeIdxImages, decodeIdxLabels, idxDataset } from './idx';
import { idxFile } from './idx-file';

const images = () => idxFile(0x803, [2, 1, 3], [0, 1, 2, 3, 4, 255]);
const labels = () => idxFile(0x801, [2], [7, 9]);

async function errorOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(GanloomError.isInstance(error)).toBe(true);
  return (error as Error).message;
}

it.each([
  ['plain', (b: Uint8Array) => b],
  ['gzipped', (b: Uint8Array) => new Uint8Array(gzipSync(b))],
  // A view into a larger buffer, as Node's file reads may return.
  ['offset', (b: Uint8Array) => Uint8Array.of(9, ...b).subarray(1)],
])('reads %s bytes', async (_, pack) => {
  expect(await decodeIdxImages(pack(images()))).toEqual({
    count: 2,
    height: 1,
    width: 3,
    pixels: Uint8Array.of(0, 1, 2, 3, 4, 255),
  });
  expect(await decodeIdxLabels(pack(labels()))).toEqual(Uint8Array.of(7, 9));
});

it('makes a data set of the two files', async () => {
  const set = await idxDataset({ name: 'toy', images: images(), labels: labels() });
  expect([set.size, set.imageShape]).toEqual([2, { height: 1, width: 3, channels: 1 }]);
  expect(set.labels).toEqual(Int32Array.of(7, 9));
  expect((await idxDataset({ name: 'toy', images: images() })).labels).toBeUndefined();
});

it('tells images from labels', async () => {
  expect(await errorOf(decodeIdxImages(labels(), 'a.idx'))).toBe(
    'a.idx: an IDX images file begins with 0x00000803, got "0x00000801"; this file holds labels, pass the one with images',
  );
  expect(await errorOf(decodeIdxLabels(images(), 'a.idx'))).toBe(
    'a.idx: an IDX labels file begins with 0x00000801, got "0x00000803"; this file holds images, pass the one with labels',
  );
});

it.each([
  ['another type', idxFile(0xd03, [1, 1, 1], [0, 0, 0, 0]), '"0x00000d03"'],
  ['a web page', new TextEncoder().encode('<!DOCTYPE html>'), '"0x3c21444f"'],
  ['three bytes', Uint8Array.of(0, 0, 8), '"3 bytes"'],
  ['nothing', new Uint8Array(0), '"0 bytes"'],
])('refuses %s', async (_, bytes, received) => {
  expect(await errorOf(decodeIdxImages(bytes, 'a.idx'))).toBe(
    `a.idx: an IDX images file begins with 0x00000803, got ${received}; pass a uint8 IDX images file, gzipped or not`,
  );
});

it('refuses missing and surplus bytes', async () => {
  expect(await errorOf(decodeIdxImages(images().subarray(0, 15), 'a.idx'))).toBe(
    'a.idx: the header needs 16 bytes, got 15; the file is damaged or incomplete, fetch it again',
  );
  expect(await errorOf(decodeIdxImages(images().subarray(0, -1), 'a.idx'))).toBe(
    'a.idx: dimensions [2,1,3] need 6 bytes after the header, got 5; the file is damaged or incomplete, fetch it again',
  );
  expect(await errorOf(decodeIdxLabels(Uint8Array.of(...labels(), 0), 'a.idx'))).toBe(
    'a.idx: dimensions [2] need 2 bytes after the header, got 3; remove the surplus bytes or fetch the file again',
  );
});

it.each([
  ['no pictures', idxFile(0x803, [0, 28, 28], []), '[0,28,28]'],
  ['no width', idxFile(0x803, [1, 28, 0], []), '[1,28,0]'],
  ['a side past any picture', idxFile(0x803, [1, 2 ** 32 - 1, 28], []), '[1,4294967295,28]'],
])('refuses %s', async (_, bytes, received) => {
  expect(await errorOf(decodeIdxImages(bytes, 'a.idx'))).toBe(
    `a.idx: dimensions must be from 1 to 16384 a side, got ${received}; the file is damaged or incomplete, fetch it again`,
  );
});

it('does not allocate what an absurd count asks for', async () => {
  const bytes = idxFile(0x803, [2 ** 32 - 1, 28, 28], [1]);
  expect(await errorOf(decodeIdxImages(bytes))).toContain(
    'need 3367254359280 bytes after the header, got 1',
  );
});

it.each([
  ['cut off', (b: Uint8Array) => b.subarray(0, -12)],
  ['damaged', (b: Uint8Array) => b.map((v, i) => (i === b.length - 8 ? v ^ 255 : v))],
  ['empty but for its magic', (b: Uint8Array) => b.subarray(0, 2)],
])('refuses gzip that is %s', async (_, spoil) => {
  const bytes = spoil(new Uint8Array(gzipSync(images())));
  const message = await errorOf(decodeIdxImages(bytes, 'a.gz'));
  expect(message).toMatch(
    /^a\.gz: gzip data must unpack, got "\d+ bytes that do not \(.+\)"; the file is damaged or incomplete, fetch it again$/,
  );
});

it('refuses labels of another set', async () => {
  const other = idxFile(0x801, [3], [1, 2, 3]);
  expect(await errorOf(idxDataset({ name: 'toy', images: images(), labels: other }))).toBe(
    'toy labels: 2 pictures need as many labels, got 3; pass the labels file that belongs to the images file',
  );
});
