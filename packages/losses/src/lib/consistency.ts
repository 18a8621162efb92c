import {
  memberOf,
  type RandomStream,
  requireCounts,
  requireNumbers,
  type Sample,
  type Schedule,
  type Term,
} from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/** Settings of {@link consistency}. */
export interface ConsistencyOptions {
  /** T: pictures `[batch, height, width, channels]` changed at random, as a flip or a shift does. */
  readonly augment: (images: tf.Tensor4D, random: RandomStream) => tf.Tensor;
  /** Which examples. Default `real`. */
  readonly of?: 'real' | 'fake';
  /** λ; a schedule is asked with the generator's updates made before. Default 10. */
  readonly weight?: number | Schedule;
  /** The pictures among a sample's members, if it is a record. Default `images`. */
  readonly member?: string;
  /** Evaluate in every n-th step only, with n times the weight. Default 1. */
  readonly every?: number;
}

/**
 * Consistency regularization: D is to say of a changed picture what it says of the picture.
 *
 * λ E (D(x) − D(T(x)))²
 *
 * Zhang et al. 2019 (CR-GAN, arXiv 1910.12027), on real examples. With a second term of fakes it is bCR,
 * Zhao et al. 2020 (arXiv 2002.04724): `[consistency({ augment }), consistency({ augment, of: 'fake' })]`.
 *
 * Logits of any shape; all their elements are averaged.
 *
 * @throws UsageError if a setting is out of range; `value` a GanloomError if a sample has no such member.
 */
export function consistency({
  augment,
  of = 'real',
  weight = 10,
  member = 'images',
  every = 1,
}: ConsistencyOptions): Term {
  requireNumbers('consistency', { weight }, { min: 0 });
  requireCounts('consistency', { every }, 'use 1 for each step');
  return {
    name: `consistency-${of}`,
    player: 'discriminator',
    weight,
    every,
    value(context) {
      const { logits } = of === 'real' ? context.realCritique() : context.fakeCritique();
      return tf.tidy(() => {
        const sample = context[of];
        const pictures = memberOf('consistency', sample, member) as tf.Tensor4D;
        const changed = augment(pictures, context.random.fork('augment'));
        const shown: Sample =
          sample instanceof tf.Tensor ? changed : { ...sample, [member]: changed };
        const random = context.random.fork('critique');
        const again = context.critique(shown, random).logits;
        return tf.mean(tf.squaredDifference(logits, again)) as tf.Scalar;
      });
    },
  };
}
