import { RandomStream } from '@ganloom/core';
import { expectNoLeak, finiteDifference } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import type { Augmentation } from '../src/lib/augmentation';

type Shape = [number, number, number, number];

/** Many values, none of them zero. */
export function samplePictures(shape: Shape = [3, 4, 5, 2]): tf.Tensor4D {
  const length = tf.util.sizeFromShape(shape);
  const values = Float32Array.from({ length }, (_, i) => Math.sin(0.3 + 1.7 * i));
  return tf.tensor4d(values, shape);
}

/** What holds for every augmentation: chances from the stream alone, gradients to second order. */
export function checkAugmentation(augment: Augmentation, shape?: Shape): void {
  const images = samplePictures(shape);
  const by = (seed: number) => augment(images, RandomStream.fromSeed(seed));
  expect(by(1).shape).toEqual(images.shape);
  expect([...by(1).dataSync()]).toEqual([...by(1).dataSync()]);
  expectNoLeak(() => by(1));

  const weights = Float32Array.from({ length: images.size }, (_, i) => Math.cos(2 + 0.9 * i));
  const objective = (x: tf.Tensor) =>
    tf.sum(
      tf.mul(tf.square(augment(x, RandomStream.fromSeed(1))), tf.tensor(weights, images.shape)),
    ) as tf.Scalar;
  const penalty = (x: tf.Tensor) => tf.sum(tf.square(tf.grad(objective)(x))) as tf.Scalar;
  // Along three directions that leave no value out.
  const directions = tf.tensor(
    Float32Array.from({ length: 3 * images.size }, (_, i) => Math.sin(5 + 2.3 * i)),
    [3, images.size],
  ) as tf.Tensor2D;
  const along = (t: ArrayLike<number>) =>
    tf.add(images, tf.reshape(tf.matMul([[...Array.from(t)]], directions), images.shape));
  for (const f of [objective, penalty]) {
    // Both are polynomials of second degree in x: no truncation, and rounding wants a large step.
    const numeric = finiteDifference(
      (t) => tf.tidy(() => f(along(t)).dataSync()[0]!),
      [0, 0, 0],
      0.25,
    );
    const gradient = tf.reshape(tf.grad(f)(images), [-1, 1]) as tf.Tensor2D;
    expect(tf.matMul(directions, gradient)).toBeAllclose(numeric, { rtol: 1e-3, atol: 2e-3 });
  }
  images.dispose();
}

/** It takes no tensors of other ranks. */
export function checkRank(augment: Augmentation, where: string): void {
  expect(() => augment(tf.ones([4, 2]), RandomStream.fromSeed(1))).toThrow(
    `${where}: images must have rank 4, got [4,2]`,
  );
}
