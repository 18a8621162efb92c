import {
  memberOf,
  requireNumbers,
  type Sample,
  type SampleLoss,
  type TermContext,
} from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { requireShape } from './require-shape';

/** Settings of {@link lossSensitive}. */
export interface LossSensitiveOptions {
  /** λ, how much a margin that is not kept costs. Default 1. */
  readonly slope?: number;
  /** What the margin is measured in, if a sample is a record. Default `images`. */
  readonly member?: string;
}

/**
 * The loss-sensitive GAN: D is to find a real example better than a fake by a margin that is as large as
 * the two are different, so that fakes which are nearly right are left alone.
 *
 * L_D = −E D(x) + λ E max(0, Δ(x, G(z)) − D(x) + D(G(z))),  L_G = −E D(G(z))
 * Δ(x, y) the sum of |x − y| over all values of a pair of examples
 *
 * Qi 2017 (arXiv 1701.06264), with −D for the paper's loss function L. Logits are one for
 * each example.
 *
 * @throws UsageError if the slope is negative; the loss a GanloomError if samples differ in shape, or there
 *   is not a logit for each.
 */
export function lossSensitive({
  slope = 1,
  member = 'images',
}: LossSensitiveOptions = {}): SampleLoss {
  requireNumbers('lossSensitive', { slope }, { min: 0 });
  return {
    name: 'loss-sensitive',
    discriminator: (onReal, onFake, context) =>
      tf.tidy(() => {
        const margins = marginsOf(context, member);
        const flat = ({ logits }: { readonly logits: tf.Tensor }) => {
          const each = tf.reshape(logits, [-1]);
          requireShape('lossSensitive', ['logits', each], ['the margins', margins], 'pack nothing');
          return each;
        };
        const [real, fake] = [flat(onReal), flat(onFake)];
        const unkept = tf.relu(tf.add(margins, tf.sub(fake, real)));
        return tf.sub(tf.mul(slope, tf.mean(unkept)), tf.mean(real)) as tf.Scalar;
      }),
    generator: (fake) => tf.tidy(() => tf.neg(tf.mean(fake.logits)) as tf.Scalar),
  };
}

/** Δ of each pair, `[batch]`. */
function marginsOf({ real, fake }: TermContext<Sample>, member: string): tf.Tensor {
  const [x, y] = [real, fake].map((sample) => memberOf('lossSensitive', sample, member));
  const remedy = 'let the generator make pictures of that size, one for each example of the batch';
  requireShape('lossSensitive', ['fakes', y!], ['the real examples', x!], remedy);
  return tf.sum(tf.reshape(tf.abs(tf.sub(x!, y!)), [x!.shape[0]!, -1]), 1);
}
