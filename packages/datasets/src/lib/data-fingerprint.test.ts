import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { expectNoLeak } from '@ganloom/test-tools';
import { uint8Dataset } from './array-dataset';
import { dataFingerprint } from './data-fingerprint';

beforeAll(() => tf.setBackend('cpu'));

const imageShape = { height: 2, width: 1, channels: 1 };
const labels = Int32Array.of(1, 0, 1);
const set = (pixels: number[], name = 'x', classNames = ['zero', 'ä']) =>
  uint8Dataset({ name, pixels: Uint8Array.from(pixels), imageShape, labels, classNames });
const pixels = [0, 255, 51, 102, 204, 0];

it('is the beginning of the SHA-256 of sizes, names and values', async () => {
  const hash = createHash('sha256').update(
    JSON.stringify({ size: 3, imageShape, classNames: ['zero', 'ä'] }),
  );
  for (const i of [0, 1, 2]) {
    const values = Float32Array.from(pixels.slice(2 * i, 2 * i + 2), (v) => v / 127.5 - 1);
    hash.update('images').update(new Uint8Array(values.buffer));
    hash.update('labels').update(new Uint8Array(labels.slice(i, i + 1).buffer));
  }
  expect(await dataFingerprint(set(pixels))).toBe(hash.digest('hex').slice(0, 16));
});

it('is that of the contents, wherever they lie, and leaves no tensor behind', async () => {
  const before = await dataFingerprint(set(pixels));
  expect(await dataFingerprint(set(pixels, 'elsewhere'))).toBe(before);
  expect(await dataFingerprint(set([0, 255, 51, 103, 204, 0]))).not.toBe(before);
  expect(await dataFingerprint(set(pixels, 'x', ['zero', 'a']))).not.toBe(before);
  await expectNoLeak(() => dataFingerprint(set(pixels)));
});
