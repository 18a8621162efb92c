import { createHash } from 'node:crypto';
import { checkDataset } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import type { Uint8Dataset } from './array-dataset';
import { idxFile } from './idx-file';
import { fashionMnist, mnist } from './mnist';

beforeAll(() => tf.setBackend('cpu'));

const mean = (bytes: Uint8Array) => bytes.reduce((sum, v) => sum + v, 0) / bytes.length;

/** The MD5 sums of the two IDX files that the set would be written to. */
function md5OfFiles({ size, pixels, labels }: Uint8Dataset) {
  const md5 = (header: Uint8Array, data: Uint8Array) =>
    createHash('md5').update(header).update(data).digest('hex');
  return [
    md5(idxFile(0x803, [size, 28, 28], []), pixels),
    md5(idxFile(0x801, [size], []), Uint8Array.from(labels!)),
  ];
}

it('reads the real training set', async () => {
  const set = await mnist({ split: 'train' });
  expect([set.name, set.size]).toEqual(['mnist train', 60_000]);
  expect(set.imageShape).toEqual({ height: 28, width: 28, channels: 1 });
  expect(set.classNames?.[9]).toBe('9');
  // The sums that other loaders check the unpacked canonical files by.
  expect(md5OfFiles(set)).toEqual([
    '6bbc9ace898e44ae57da46a324031adb',
    'a25bea736e30d166cdddb491f175f624',
  ]);
  // 255 times the 0.1307 that everyone normalizes MNIST with.
  expect(Math.abs(mean(set.pixels) - 33.318421)).toBeLessThan(1e-4);
  expect([...set.labels!.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);

  const { images, labels } = set.batch([59_999, 0]);
  expect(images.shape).toEqual([2, 28, 28, 1]);
  expect([...labels!.dataSync()]).toEqual([8, 5]);
  tf.dispose([images, labels!]);
  await checkDataset(set);
});

it('reads the real test set', async () => {
  const set = await mnist({ split: 'test' });
  expect([set.name, set.size]).toEqual(['mnist test', 10_000]);
  expect(md5OfFiles(set)).toEqual([
    '2646ac647ad5339dbf082846283269ea',
    '27ae3e4e09519cfbb04c329615203637',
  ]);
});

it('says where it looked for Fashion-MNIST', async () => {
  await expect(fashionMnist({ split: 'test', path: '/no/such/folder' })).rejects.toThrow(
    /^idxFolder \/no\/such\/folder: the folder must be readable, got "ENOENT.*"; check the path$/,
  );
});
