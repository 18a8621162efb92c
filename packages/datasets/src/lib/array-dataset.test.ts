import { checkDataset } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { uint8Dataset } from './array-dataset';

beforeAll(() => tf.setBackend('cpu'));

const imageShape = { height: 1, width: 2, channels: 1 };
const set = () =>
  uint8Dataset({
    name: 'toy',
    pixels: Uint8Array.of(0, 255, 51, 102, 128, 127),
    labels: [2, 0, 1],
    imageShape,
    classNames: ['a', 'b', 'c'],
  });

it('returns the examples asked for, in that order, in [−1, 1]', () => {
  tf.tidy(() => {
    const { images, labels } = set().batch([2, 0, 2]) as { images: tf.Tensor; labels: tf.Tensor };
    expect([images.shape, images.dtype]).toEqual([[3, 1, 2, 1], 'float32']);
    expect([labels.shape, labels.dtype]).toEqual([[3], 'int32']);
    // v/127.5 − 1 for 128, 127, 0, 255, 128, 127.
    const half = 1 / 255;
    expect(images).toBeAllclose([half, -half, -1, 1, half, -half], { rtol: 0, atol: 6e-8 });
    expect([...labels.dataSync()]).toEqual([1, 2, 1]);
  });
});

it('maps every grey level to v/127.5 − 1, rounded once, and back', () => {
  const pixels = Uint8Array.from({ length: 256 }, (_, v) => v);
  const shape = { height: 16, width: 16, channels: 1 };
  const { images, labels } = uint8Dataset({ name: 'all', pixels, imageShape: shape }).batch([0]);
  const values = [...images.dataSync()];
  images.dispose();
  expect(labels).toBeUndefined();
  expect(values).toEqual(Array.from(pixels, (v) => Math.fround(v / 127.5 - 1)));
  expect(values.map((v) => Math.round((v + 1) * 127.5))).toEqual([...pixels]);
});

it('keeps the channels of a color picture together', () => {
  const pixels = Uint8Array.from({ length: 24 }, (_, i) => i);
  const color = uint8Dataset({
    name: 'color',
    pixels,
    imageShape: { height: 2, width: 2, channels: 3 },
  });
  const { images } = color.batch([1]);
  expect(images.shape).toEqual([1, 2, 2, 3]);
  expect(images).toBeAllclose(Array.from({ length: 12 }, (_, i) => (i + 12) / 127.5 - 1));
  images.dispose();
});

it('is a data set, and describes itself', async () => {
  const { name, size, classNames, labels } = set();
  expect({ name, size, classNames }).toEqual({ name: 'toy', size: 3, classNames: ['a', 'b', 'c'] });
  expect(labels).toEqual(Int32Array.of(2, 0, 1));
  await checkDataset(set());
});

it.each([3, -1, 0.5])('refuses the index %s', (index) => {
  expect(() => set().batch([0, index])).toThrow(
    `uint8Dataset toy: an index must be an integer from 0 to 2, got ${index}`,
  );
});

it('refuses bytes, labels and shapes that do not fit', () => {
  const pixels = new Uint8Array(6);
  const make = (more: object) => () => uint8Dataset({ name: 'toy', pixels, imageShape, ...more });
  expect(make({ pixels: new Uint8Array(5) })).toThrow(
    'uint8Dataset toy: pixels must hold a positive multiple of 1×2×1 = 2 bytes, got 5; check imageShape',
  );
  expect(make({ pixels: new Uint8Array(0) })).toThrow(
    'positive multiple of 1×2×1 = 2 bytes, got 0',
  );
  expect(make({ imageShape: { height: 0, width: 2, channels: 1 } })).toThrow(
    'uint8Dataset toy: height must be a positive integer, got 0',
  );
  expect(make({ labels: [0, 1] })).toThrow('3 pictures need as many labels, got 2');
  expect(make({ labels: [0, 1, 2], classNames: ['a', 'b'] })).toThrow(
    'label 2 must be an integer from 0 to 1, got 2; check classNames',
  );
  expect(make({ labels: [0, -1, 2] })).toThrow(
    'label 1 must be an integer from 0 to 2147483647, got -1',
  );
});
