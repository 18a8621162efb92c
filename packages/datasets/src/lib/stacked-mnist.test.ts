import { RandomStream } from '@ganloom/core';
import { checkDataset } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { uint8Dataset } from './array-dataset';
import { stackedMnist } from './stacked-mnist';

beforeAll(() => tf.setBackend('cpu'));

const imageShape = { height: 1, width: 2, channels: 1 };
/** Ten "digits" of two pixels: 10k and 10k + 5. */
const digits = uint8Dataset({
  name: 'digits',
  pixels: Uint8Array.from({ length: 20 }, (_, i) => 5 * i),
  labels: Array.from({ length: 10 }, (_, i) => i),
  imageShape,
  classNames: Array.from({ length: 10 }, (_, i) => String(i)),
});
const stack = (count: number, seed = 1) =>
  stackedMnist(digits, { count, random: RandomStream.fromSeed(seed) });

it('stacks three digits as channels, and calls them by the number they make', async () => {
  const set = stack(200);
  expect(set.shapes).toEqual({ images: [1, 2, 3], labels: [] });
  const indices = [...Array(200).keys()].reverse();
  const { images, labels } = set.batch(indices);
  expect(images.shape).toEqual([200, 1, 2, 3]);
  const expected = indices.flatMap((i) => {
    const triple = String(set.labels[i]).padStart(3, '0').split('').map(Number);
    return [0, 5].flatMap((pixel) => triple.map((digit) => (10 * digit + pixel) / 127.5 - 1));
  });
  expect(images).toBeAllclose(expected, { rtol: 0, atol: 1e-6 });
  expect([...labels!.dataSync()]).toEqual(indices.map((i) => set.labels[i]));
  tf.dispose([images, labels!]);
  await checkDataset(set);
});

it('has all triples, equally often', () => {
  const counts = new Int32Array(1000);
  for (const label of stack(100_000).labels) counts[label]! += 1;
  // 100 each, ten standard deviations are 100; χ² of 999 degrees of freedom, five deviations.
  expect(Math.min(...counts)).toBeGreaterThan(0);
  const chiSquare = counts.reduce((sum, n) => sum + (n - 100) ** 2 / 100, 0);
  expect(Math.abs(chiSquare - 999)).toBeLessThan(5 * Math.sqrt(2 * 999));
});

it('depends on the seed alone', () => {
  expect(stack(50).labels).toEqual(stack(50).labels);
  expect(stack(50, 2).labels).not.toEqual(stack(50).labels);
});

it('refuses what cannot be stacked', () => {
  const random = RandomStream.fromSeed(1);
  const pixels = new Uint8Array(6);
  const grey = uint8Dataset({ name: 'grey', pixels, imageShape });
  expect(() => stackedMnist(grey, { random })).toThrow('must have labels, got "grey"');
  const color = uint8Dataset({
    name: 'color',
    pixels,
    imageShape: { ...imageShape, channels: 3 },
  });
  expect(() => stackedMnist(color, { random })).toThrow('must have one channel, got 3');
  expect(() => stack(0.5)).toThrow('count must be a positive integer, got 0.5');
  expect(() => stack(4).batch([4])).toThrow('must be an integer from 0 to 3, got 4');
});
