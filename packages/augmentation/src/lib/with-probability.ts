import * as tf from '@tensorflow/tfjs';
import type { Augmentation } from './augmentation';
import { requireWithin } from './require-within';

/**
 * Augments some of the examples: each with probability p, the others stay as they are.
 *
 * @param probability p, a number or a scalar that others may change
 * @throws UsageError if the number is not in [0, 1].
 */
export function withProbability(
  probability: number | tf.Scalar,
  augmentation: Augmentation,
): Augmentation {
  if (typeof probability === 'number') {
    requireWithin('withProbability', { probability }, 0, 1);
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
