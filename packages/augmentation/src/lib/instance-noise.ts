import { requireNumbers, type Schedule } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import type { Augmentation } from './augmentation';
import { scheduled } from './scheduled';

/** Settings of {@link instanceNoise}. */
export interface InstanceNoiseOptions {
  /**
   * σ, the standard deviation of the noise; pictures lie in [−1, 1]. A schedule, such as
   * `linearDecay({ from: 0.1, updates })`, is asked with the discriminator's updates made before. Default
   * 0.1.
   */
  readonly stddev?: number | Schedule;
}

/**
 * Adds Gaussian noise, so that what is real and what is fake overlap, and D's slope tells G where to
 * go: x + σ·N(0, I).
 *
 * Sønderby et al. 2016, arXiv 1610.04490, who let it fade; Arjovsky and Bottou 2017, arXiv 1701.04862.
 * For tensors of any rank.
 *
 * @throws UsageError if `stddev` is negative; when it augments, if the schedule says so.
 */
export function instanceNoise({ stddev = 0.1 }: InstanceNoiseOptions = {}): Augmentation {
  if (typeof stddev !== 'number') {
    return scheduled(stddev, (value) => instanceNoise({ stddev: value }));
  }
  requireNumbers('instanceNoise', { stddev }, { min: 0 });
  return (images, random) => tf.tidy(() => tf.add(images, random.normal(images.shape, 0, stddev)));
}
