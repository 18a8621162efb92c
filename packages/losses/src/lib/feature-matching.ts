import { requireNumbers, type Schedule, type Term } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { outputOf } from './critique-output';

/** Settings of terms on features. */
export interface FeatureTermOptions {
  /** A schedule is asked with the generator's updates made before. Default 1, or 0.1 for
   * `pullingAway`. */
  readonly weight?: number | Schedule;
  /** The critique's output that holds features `[batch, …]`. Default `features`. */
  readonly output?: string;
}

/**
 * Feature matching: G matches the mean of what D sees in real examples.
 *
 * ‖E f(x) − E f(G(z))‖²
 *
 * Salimans et al. 2016 (arXiv 1606.03498), who train G on it alone: the weight is relative to the
 * adversarial loss. Means are over the batch, the norm over all features.
 *
 * @throws UsageError if the weight is negative; `value` a GanloomError if a critique has no such output.
 */
export function featureMatching({
  weight = 1,
  output = 'features',
}: FeatureTermOptions = {}): Term {
  requireNumbers('featureMatching', { weight }, { min: 0 });
  return {
    name: 'feature-matching',
    player: 'generator',
    weight,
    value(context) {
      const [real, fake] = [context.realCritique(), context.fakeCritique()].map((critique) =>
        outputOf('featureMatching', critique, output),
      ) as [tf.Tensor, tf.Tensor];
      return tf.tidy(
        () => tf.sum(tf.squaredDifference(tf.mean(real, 0), tf.mean(fake, 0))) as tf.Scalar,
      );
    },
  };
}
