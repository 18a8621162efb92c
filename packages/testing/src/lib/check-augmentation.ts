import { RandomStream } from '@ganloom/core';
import { expectNoLeak, finiteDifference } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import { type BackendOptions, onEachBackend } from './backends';

/** Changes pictures `[batch, height, width, channels]` by chances of a stream. */
export type Augment = (images: tf.Tensor, random: RandomStream) => tf.Tensor;

/** `[batch, height, width, channels]`. */
export type PicturesShape = [number, number, number, number];

/** Settings of {@link checkAugmentation}. */
export interface CheckAugmentationOptions extends BackendOptions {
  /** Of the pictures to change; default `[3, 4, 5, 2]`. */
  readonly shape?: PicturesShape;
}

/** Many values, none of them zero, for the caller to dispose. */
export function samplePictures(shape: PicturesShape = [3, 4, 5, 2]): tf.Tensor4D {
  const length = tf.util.sizeFromShape(shape);
  const values = Float32Array.from({ length }, (_, i) => Math.sin(0.3 + 1.7 * i));
  return tf.tensor4d(values, shape);
}

/**
 * What holds for every augmentation: it keeps the shape, takes its chances from the stream alone, leaves
 * no tensor over, and has right gradients to second order, which penalties need. Finite differences
 * check them, so it must be linear in the pictures: at fixed chances, T(x) = A x + b.
 */
export function checkAugmentation(
  augment: Augment,
  options: CheckAugmentationOptions = {},
): Promise<void> {
  return onEachBackend(options, () => checkHere(augment, options.shape));
}

function checkHere(augment: Augment, shape?: PicturesShape): void {
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
