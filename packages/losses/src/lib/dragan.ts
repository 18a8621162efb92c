import { requireNumbers, type Term } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { type GradientPenaltyOptions, normPenalty } from './gradient-penalty';
import { meanOfSquaredNorms } from './input-gradients';
import { mapFloats } from './sample-tensors';

/** Settings of {@link dragan}. */
export interface DraganOptions extends GradientPenaltyOptions {
  /** c: the noise's standard deviation, in standard deviations of the batch. Default 0.5. */
  readonly noise?: number;
}

/**
 * DRAGAN: D is to have slope 1 around real examples, wherever the fakes are.
 *
 * λ E (‖∇ₓ D(x + δ)‖ − 1)², δ ~ N(0, (c·std(x))² I)
 *
 * Kodali et al. 2017 (arXiv 1705.07215), whose noise is normal. λ = 10, c = 0.5 and a scale that is
 * that of the data are of the authors' code: std(x) is over all values of the batch, here for each
 * float32 member of a record. Their code's noise is another one, c·std(x)·α·u with u uniform in [0, 1)
 * for each value and α for each example: it moves all values up, by c·std(x)/4 on average, where this
 * moves them both ways, by c·std(x) in the root mean square.
 *
 * Samples `[batch, …]`, or records of such; a norm is of an example, or of a packed game's pack. D must
 * not normalize over the batch. Logits of several patches are summed; it does not bound logits that are points, as
 * those of `mmdGan`.
 *
 * @throws UsageError if a setting is out of range.
 */
export function dragan({ noise = 0.5, ...options }: DraganOptions = {}): Term {
  requireNumbers('dragan', { noise }, { min: 0 });
  const penalty = normPenalty('dragan', options);
  const { weight = 10, every = 1 } = options;
  return {
    name: 'dragan',
    player: 'discriminator',
    weight,
    every,
    value: (context) =>
      tf.tidy(() => {
        const around = mapFloats(context.real, (values) => {
          const deviation = tf.sqrt(tf.moments(values).variance);
          const delta = tf.mul(context.random.normal(values.shape, 0, noise), deviation);
          return tf.add(values, delta);
        });
        return meanOfSquaredNorms(context, around, penalty);
      }),
  };
}
