import * as tf from '@tensorflow/tfjs';
import type { Augmentation } from './augmentation';
import { requireWithin } from './require-within';

export interface InstanceNoiseOptions {
  /** Standard deviation of the noise (at the start); pictures lie in [−1, 1]. Default 0.1. */
  readonly stddev?: number;
  /** Discriminator updates until it is gone, by equal steps. Default: it stays. */
  readonly updates?: number;
}

/**
 * Adds Gaussian noise, so that what is real and what is fake overlap, and D's slope tells G where to
 * go: x + σ·N(0, I),  σ = stddev · max(0, 1 − t / updates) after t updates.
 *
 * Sønderby et al. 2016, arXiv 1610.04490; Arjovsky and Bottou 2017, arXiv 1701.04862. For tensors of
 * any rank.
 *
 * @throws UsageError if `stddev` is negative, or `updates` below 1.
 */
export function instanceNoise({ stddev = 0.1, updates }: InstanceNoiseOptions = {}): Augmentation {
  requireWithin('instanceNoise', { stddev }, 0, Infinity);
  if (updates === undefined) {
    return (images, random) =>
      tf.tidy(() => tf.add(images, random.normal(images.shape, 0, stddev)));
  }
  requireWithin('instanceNoise', { updates }, 1, Infinity);
  const past = tf.tidy(() => tf.variable(tf.scalar(0), false));
  const augment: Augmentation = (images, random) =>
    tf.tidy(() => {
      const share = tf.relu(tf.sub(1, tf.div(past, updates)));
      return tf.add(images, tf.mul(random.normal(images.shape, 0, stddev), share));
    });
  return Object.assign(augment, {
    state: { updates: past },
    observe: () => tf.tidy(() => past.assign(tf.add(past, 1))),
  });
}
