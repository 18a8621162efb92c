import { ganloomError, requireNumbers, type Term } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { outputOf } from './critique-output';
import type { FeatureTermOptions } from './feature-matching';

/**
 * The pulling-away term of EBGAN: the fakes of a batch are to differ in direction, seen by D.
 *
 * 1/(N(N − 1)) Σᵢ Σ_{j≠i} (sᵢ·sⱼ / ‖sᵢ‖‖sⱼ‖)², s the features of fakes
 *
 * Zhao, Mathieu and LeCun 2016 (arXiv 1609.03126), on the code of D's encoder; the default weight is 0.1.
 * Features `[batch, …]`; 0 if all are orthogonal, 1 if all are parallel. Features that are 0 count as
 * orthogonal to all (norms are √(Σ s² + 10⁻¹²)).
 *
 * @throws UsageError if the weight is negative; `value` a GanloomError if the critique has no such output, or the
 *   batch has one example.
 */
export function pullingAway({ weight = 0.1, output = 'features' }: FeatureTermOptions = {}): Term {
  requireNumbers('pullingAway', { weight }, { min: 0 });
  return {
    name: 'pulling-away',
    player: 'generator',
    weight,
    value(context) {
      const features = outputOf('pullingAway', context.fakeCritique(), output);
      const count = features.shape[0]!;
      if (count < 2)
        throw ganloomError(
          'pullingAway',
          'a batch needs two examples',
          count,
          'train with larger ones',
        );
      return tf.tidy(() => {
        const rows = tf.reshape(features, [count, -1]) as tf.Tensor2D;
        const norms = tf.sqrt(tf.add(tf.sum(tf.square(rows), 1, true), 1e-12));
        const directions = tf.div<tf.Tensor2D>(rows, norms);
        const cosines = tf.matMul(directions, directions, false, true);
        const others = tf.mul(tf.square(cosines), tf.sub(1, tf.eye(count)));
        return tf.div(tf.sum(others), count * (count - 1)) as tf.Scalar;
      });
    },
  };
}
