import { RandomStream } from '@ganloom/core';
import { checkAugmentation, samplePictures } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkRank } from '../../test/check-rank';
import { brightness, contrast, hueRotation, lumaFlip, saturation } from './color';

beforeAll(async () => void (await tf.setBackend('cpu')));

const random = () => RandomStream.fromSeed(7);
/** The same draws as the augmentation's first. */
const drawn = (low: number, high: number) => random().uniform([3, 1, 1, 1], low, high);

describe('brightness', () => {
  it('adds a number of its own to each picture', () => {
    const x = samplePictures();
    const change = tf.sub(brightness({ strength: 0.3 })(x, random()), x);
    expect(change).toBeAllclose(tf.mul(tf.onesLike(x), drawn(-0.3, 0.3)));
    const [a, b, c] = drawn(-0.3, 0.3).dataSync();
    expect(new Set([a, b, c]).size).toBe(3);
  });
});

describe('saturation', () => {
  it('stretches the channels of each picture about their mean', () => {
    // Channels 1 and 3 about 2.
    const x = tf.tensor4d([1, 3, 1, 3, 1, 3], [3, 1, 1, 2]);
    const y = saturation()(x, random());
    const factors = [...drawn(0, 2).dataSync()];
    expect(y).toBeAllclose(factors.flatMap((f) => [2 - f, 2 + f]));
  });

  it('leaves grey pictures as they are', () => {
    const x = tf.reshape(samplePictures(), [3, 8, 5, 1]);
    expect(saturation()(x, random())).toBeAllclose(x);
  });
});

describe('contrast', () => {
  it('stretches each picture about its mean', () => {
    const x = tf.tensor4d([0, 2, 4, 6, -1, 0, 1, 4, 5, 5, 5, 5], [3, 1, 2, 2]);
    const y = contrast({ strength: 0.25 })(x, random());
    const [f, g] = drawn(0.75, 1.25).dataSync() as unknown as [number, number];
    const expected = [
      ...[3 - 3 * f, 3 - f, 3 + f, 3 + 3 * f],
      ...[1 - 2 * g, 1 - g, 1, 1 + 3 * g],
      ...[5, 5, 5, 5],
    ];
    expect(y).toBeAllclose(expected);
  });
});

describe('lumaFlip', () => {
  it('reflects the mean of the channels and keeps what differs from it', async () => {
    // Means 2 and −½; grey turns into its negative.
    const x = tf.tensor4d([1, 2, 3, -1, 0, -0.5, 0.25, 0.25, 0.25], [1, 1, 3, 3]);
    const expected = [-3, -2, -1, 0, 1, 0.5, -0.25, -0.25, -0.25];
    expect(lumaFlip()(x, random())).toBeAllclose(expected);
    await checkAugmentation(lumaFlip());
    checkRank(lumaFlip(), 'lumaFlip');
  });
});

describe('hueRotation', () => {
  it('turns the colors of each picture about grey by an angle of its own', () => {
    const pixel = [0.9, -0.2, 0.5];
    const x = tf.tensor4d([pixel, pixel, pixel].flat(), [3, 1, 1, 3]);
    const angles = [...random().uniform([3, 1, 1], -2, 2).dataSync()];
    // Rodrigues' formula, and v × x for v = (1, 1, 1)/√3.
    const across = [0.5 + 0.2, 0.9 - 0.5, -0.2 - 0.9].map((value) => value / Math.sqrt(3));
    const expected = angles.flatMap((angle) =>
      pixel.map(
        (value, c) =>
          value * Math.cos(angle) + across[c]! * Math.sin(angle) + 0.4 * (1 - Math.cos(angle)),
      ),
    );
    expect(hueRotation({ angle: 2 })(x, random())).toBeAllclose(expected);
    expect(new Set(angles).size).toBe(3);
  });

  it('makes the next channel of each by a third of a turn', () => {
    const x = tf.tensor4d([1, 2, 3], [1, 1, 1, 3]);
    // A seed whose first draw of ±angle is 120° or more, and the angle that makes it just that.
    const drawnBy = (seed: number) =>
      RandomStream.fromSeed(seed).uniform([1, 1, 1], -1, 1).dataSync()[0]!;
    for (const sign of [1, -1]) {
      const seed = Array.from({ length: 99 }, (_, i) => i).find((i) => sign * drawnBy(i) > 0.7)!;
      const augment = hueRotation({ angle: (2 * Math.PI) / 3 / Math.abs(drawnBy(seed)) });
      const y = augment(x, RandomStream.fromSeed(seed));
      expect(y).toBeAllclose(sign > 0 ? [3, 1, 2] : [2, 3, 1]);
    }
  });

  it('is an augmentation of pictures in color, and leaves grey ones', async () => {
    await checkAugmentation(hueRotation(), { shape: [3, 4, 2, 3] });
    await checkAugmentation(hueRotation(), { shape: [3, 4, 5, 1] });
    checkRank(hueRotation(), 'hueRotation');
    const grey = samplePictures([3, 4, 5, 1]);
    expect(hueRotation()(grey, random())).toBeAllclose(grey);
    expect(() => hueRotation()(samplePictures(), random())).toThrow(
      'hueRotation: images must have 1 or 3 channels, got [3,4,5,2]',
    );
    expect(() => hueRotation({ angle: 4 })).toThrow(
      'hueRotation: angle must be a number from 0 to 3.14',
    );
  });
});

describe.each([
  [
    'brightness',
    brightness(),
    () => brightness({ strength: -1 }),
    'a number of at least 0, got -1',
  ],
  ['saturation', saturation(), () => saturation({ strength: 2 }), 'a number from 0 to 1, got 2'],
  ['contrast', contrast(), () => contrast({ strength: NaN }), 'a number from 0 to 1, got NaN'],
])('%s', (name, augment, wrong, message) => {
  it('is an augmentation of pictures', async () => {
    await checkAugmentation(augment);
    checkRank(augment, name);
    expect(wrong).toThrow(`${name}: strength must be ${message}`);
  });
});
