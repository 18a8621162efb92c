import { RandomStream } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkAugmentation, checkRank, samplePictures } from './check-augmentation';
import { brightness, contrast, saturation } from './colour';

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

describe.each([
  ['brightness', brightness(), () => brightness({ strength: -1 }), 'at least 0, got -1'],
  ['saturation', saturation(), () => saturation({ strength: 2 }), 'from 0 to 1, got 2'],
  ['contrast', contrast(), () => contrast({ strength: NaN }), 'from 0 to 1, got NaN'],
])('%s', (name, augment, wrong, message) => {
  it('is an augmentation of pictures', () => {
    checkAugmentation(augment);
    checkRank(augment, name);
    expect(wrong).toThrow(`${name}: strength must be ${message}`);
  });
});
