import { requireNumbers, type Schedule } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import type { Augmentation } from './augmentation';
import { scheduled } from './scheduled';

/**
 * Augments some of the examples: each with probability p, the others stay as they are.
 *
 * @param probability p, a number, a scalar that others may change, or a schedule, which is asked with the
 *   discriminator's updates made before, as {@link scheduled} does
 * @throws UsageError if the number is not in [0, 1]; when it augments, if the schedule says so.
 */
export function withProbability(
  probability: number | tf.Scalar | Schedule,
  augmentation: Augmentation,
): Augmentation {
  if (typeof probability === 'number') {
    requireNumbers('withProbability', { probability }, { min: 0, max: 1 });
  } else if (!(probability instanceof tf.Tensor)) {
    return scheduled(probability, (p) => withProbability(p, augmentation));
  }
  const some: Augmentation = (images, random) =>
    tf.tidy(() => {
      const shape = images.shape.map((size, d) => (d === 0 ? size : 1));
      const drawn = random.fork('chance').uniform(shape);
      const chosen = tf.cast(tf.less(drawn, probability), 'float32');
      const augmented = augmentation(images, random.fork('augmentation'));
      return tf.add(tf.mul(augmented, chosen), tf.mul(images, tf.sub(1, chosen)));
    });
  const { state, statistics, observe } = augmentation;
  return Object.assign(some, {
    ...(state && { state }),
    ...(statistics && { statistics }),
    ...(observe && { observe }),
  });
}
