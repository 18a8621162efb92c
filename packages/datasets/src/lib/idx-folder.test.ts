import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { checkDataset } from '@ganloom/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { idxFile } from './idx-file';
import { idxFolder } from './idx-folder';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganloom-idx-'));
});
afterEach(() => rm(folder, { recursive: true }));

const images = idxFile(0x803, [2, 1, 1], [10, 20]);
const labels = idxFile(0x801, [2], [1, 0]);
const put = (name: string, bytes: Uint8Array) => writeFile(join(folder, name), bytes);

it.each([
  ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'],
  ['train-images-idx3-ubyte.gz', 'train-labels.idx1-ubyte'],
  ['train-images.idx3-ubyte', 'train-labels.idx1-ubyte.gz'],
])('reads %s and %s', async (imagesName, labelsName) => {
  await put(imagesName, imagesName.endsWith('.gz') ? gzipSync(images) : images);
  await put(labelsName, labelsName.endsWith('.gz') ? gzipSync(labels) : labels);
  const set = await idxFolder(folder, { name: 'toy', classNames: ['a', 'b'] });
  expect(set.pixels).toEqual(Uint8Array.of(10, 20));
  expect(set.labels).toEqual(Int32Array.of(1, 0));
  expect(set.classNames).toEqual(['a', 'b']);
  await checkDataset(set);
});

it('reads the t10k files for the test split', async () => {
  await put('t10k-images-idx3-ubyte', images);
  await put('t10k-labels-idx1-ubyte', labels);
  const set = await idxFolder(folder, { split: 'test' });
  expect([set.size, set.name]).toEqual([2, `${folder} test`]);
});

it('names the missing file and what is there', async () => {
  await expect(idxFolder(folder)).rejects.toThrow(
    `idxFolder ${folder}: needs train-images-idx3-ubyte or train-images-idx3-ubyte.gz, got "an empty folder"; add the file`,
  );
  await put('train-images-idx3-ubyte', images);
  await expect(idxFolder(folder)).rejects.toThrow(
    'needs train-labels-idx1-ubyte or train-labels-idx1-ubyte.gz, got "train-images-idx3-ubyte"',
  );
});

it('says what is wrong with a file, a folder or a split', async () => {
  await put('train-images-idx3-ubyte', images.subarray(0, 17));
  await put('train-labels-idx1-ubyte', labels);
  await expect(idxFolder(folder, { name: 'toy' })).rejects.toThrow(
    'toy images: dimensions [2,1,1] need 2 bytes after the header, got 1',
  );
  await expect(idxFolder(join(folder, 'absent'))).rejects.toThrow(
    /the folder must be readable.*ENOENT/,
  );
  await expect(idxFolder(folder, { split: 'valid' as 'test' })).rejects.toThrow(
    `split must be 'train' or 'test', got "valid"`,
  );
});
