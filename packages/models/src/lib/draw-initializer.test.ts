import '@ganloom/test-tools';
import { RandomStream } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { drawInitializer } from './draw-initializer';
import type { Initializer } from './initializer-memory';

beforeAll(async () => void (await tf.setBackend('cpu')));

const { initializers } = tf;
const shape = [3, 3, 40, 60];
const [fanIn, fanOut] = [9 * 40, 9 * 60];
/** Standard deviation of a normal number cut at two deviations: √(1 − 4φ(2)/(2Φ(2) − 1)). */
const CUT = Math.sqrt(1 - (4 * 0.0539909665) / 0.9544997361);

function drawn(initializer: Initializer, seed = 1, size: readonly number[] = shape): Float32Array {
  return tf.tidy(() => {
    const value = drawInitializer(initializer, size, RandomStream.fromSeed(seed))!;
    expect([value.shape, value.dtype]).toEqual([size, 'float32']);
    return value.dataSync<'float32'>();
  });
}

const moments = (all: Float32Array) => {
  const mean = all.reduce((sum, v) => sum + v, 0) / all.length;
  const variance = all.reduce((sum, v) => sum + (v - mean) ** 2, 0) / all.length;
  return {
    mean,
    stddev: Math.sqrt(variance),
    most: Math.max(...all.map((v) => Math.abs(v - mean))),
  };
};

it.each([
  ['random normal', initializers.randomNormal({ mean: 2, stddev: 0.5 }), 2, 0.5, Infinity],
  ['default normal', initializers.randomNormal({}), 0, 0.05, Infinity],
  ['truncated', initializers.truncatedNormal({ mean: 1, stddev: 0.1 }), 1, 0.1 * CUT, 0.2],
  ['uniform', initializers.randomUniform({ minval: 1, maxval: 3 }), 2, 2 / Math.sqrt(12), 1],
  ['default uniform', initializers.randomUniform({}), 0, 0.1 / Math.sqrt(12), 0.05],
  [
    'glorot normal',
    initializers.glorotNormal({}),
    0,
    CUT * Math.sqrt(2 / (fanIn + fanOut)),
    2 * Math.sqrt(2 / (fanIn + fanOut)),
  ],
  [
    'glorot uniform',
    initializers.glorotUniform({}),
    0,
    Math.sqrt(2 / (fanIn + fanOut)),
    Math.sqrt(6 / (fanIn + fanOut)),
  ],
  ['he normal', initializers.heNormal({}), 0, CUT * Math.sqrt(2 / fanIn), 2 * Math.sqrt(2 / fanIn)],
  ['he uniform', initializers.heUniform({}), 0, Math.sqrt(2 / fanIn), Math.sqrt(6 / fanIn)],
  [
    'lecun normal',
    initializers.leCunNormal({}),
    0,
    CUT * Math.sqrt(1 / fanIn),
    2 * Math.sqrt(1 / fanIn),
  ],
  ['lecun uniform', initializers.leCunUniform({}), 0, Math.sqrt(1 / fanIn), Math.sqrt(3 / fanIn)],
  [
    'variance of outputs',
    initializers.varianceScaling({ scale: 3, mode: 'fanOut', distribution: 'uniform' }),
    0,
    Math.sqrt(3 / fanOut),
    Math.sqrt(9 / fanOut),
  ],
] as const)('draws %s', (_, initializer, mean, stddev, most) => {
  const values = drawn(initializer as Initializer);
  const found = moments(values);
  // 21,600 values, to five standard errors.
  expect(Math.abs(found.mean - mean)).toBeLessThan((5 * stddev) / Math.sqrt(values.length));
  expect(Math.abs(found.stddev / stddev - 1)).toBeLessThan(5 / Math.sqrt(2 * values.length));
  expect(found.most).toBeLessThan(most * 1.01);
  expect(found.most).toBeGreaterThan(1.6 * stddev);
  expect(drawn(initializer as Initializer)).toEqual(values);
  expect(drawn(initializer as Initializer, 2)).not.toEqual(values);
});

it.each([[[2, 3, 5]], [[4, 30]], [[7, 7]]])('draws %j orthogonal', (size) => {
  const values = drawn(initializers.orthogonal({ gain: 2 }) as Initializer, 1, size);
  tf.tidy(() => {
    const q = tf.reshape(tf.tensor(values), [-1, size.at(-1)!]) as tf.Tensor2D;
    const isTall = q.shape[0] >= q.shape[1];
    const products = tf.matMul(q, q, isTall, !isTall);
    expect(products).toBeAllclose(tf.mul(4, tf.eye(products.shape[0]!)), { atol: 1e-5 });
  });
});

it('knows nothing to draw for constants and for initializers of other people', () => {
  const random = RandomStream.fromSeed(1);
  const { zeros, ones, constant, identity } = initializers;
  for (const still of [zeros(), ones(), constant({ value: 3 }), identity({ gain: 2 })]) {
    expect(drawInitializer(still as Initializer, [2, 2], random)).toBe(undefined);
  }
});
