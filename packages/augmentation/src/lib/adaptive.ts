import * as tf from '@tensorflow/tfjs';
import { joinedStatistics, requireCounts, requireNumbers } from '@ganloom/core';
import type { Augmentation } from './augmentation';
import { inSequence } from './in-sequence';
import { withProbability } from './with-probability';

/** Settings of {@link adaptive}. */
export interface AdaptiveOptions {
  /** Each is applied to each example with probability p, in this order. */
  readonly augmentations: readonly Augmentation[];
  /** What r is kept at; default 0.6. */
  readonly target?: number;
  /** Discriminator updates from one change of p to the next; default 4. */
  readonly every?: number;
  /** Real examples in which p can go from 0 to 1; default 500,000. */
  readonly examples?: number;
}

/** −1, 0 or 1; NaN of NaN, of which stock kernels make 0. */
const signOf = (x: tf.Tensor) => tf.where(tf.isNaN(x), x, tf.sign(x));

/**
 * Augmentation as strong as it has to be: p rises while the discriminator knows its real pictures by
 * heart, and falls when it does not.
 *
 * r = E sign(D(x)) over real x in the last n updates;
 * p ← min(max(p + sign(r − target) · n · batch / examples, 0), 1),  p = 0 at the start
 *
 * Karras et al. 2020 (ADA), arXiv 2006.06676, section 3. As long as p stays below about 0.8, G does
 * not learn to make augmented pictures. r means something where logits of 0 part real from fake: not
 * with relativistic losses or Wasserstein critics. A NaN among the logits makes p NaN. `state.probability` is p, the statistic
 * `augmentationProbability`. The augmentations are yours to choose; of the paper's, the README of this
 * package says which are here.
 *
 * @throws UsageError if `target` is not in [−1, 1], or a count is no positive integer.
 */
export function adaptive(options: AdaptiveOptions): Augmentation {
  const { augmentations, target = 0.6, every = 4, examples = 500_000 } = options;
  requireNumbers('adaptive', { target }, { min: -1, max: 1 });
  requireCounts('adaptive', { every, examples });

  const remembered = () => tf.tidy(() => tf.variable(tf.scalar(0), false));
  const [probability, signs, updates] = [remembered(), remembered(), remembered()];
  const all = inSequence(augmentations.map((one) => withProbability(probability, one)));
  // Of the last batch that was augmented; set anew before each `observe`, so it is no state.
  let batch = 0;
  const augment: Augmentation = (images, random) => {
    batch = images.shape[0]!;
    return all(images, random);
  };
  const adapt: Augmentation['observe'] = ({ logits }) =>
    tf.tidy(() => {
      const sum = tf.add(signs, tf.mean(signOf(logits)));
      const count = tf.add(updates, 1);
      // 1 or 0, for nothing is read back from the device to decide it.
      const due = tf.cast(tf.greaterEqual(count, every), 'float32');
      const direction = tf.mul(due, signOf(tf.sub(tf.div(sum, count), target)));
      const moved = tf.add<tf.Scalar>(probability, tf.mul(direction, (every * batch) / examples));
      probability.assign(tf.clipByValue(moved, 0, 1));
      const left = tf.sub(1, due);
      signs.assign(tf.mul(sum, left));
      updates.assign(tf.mul(count, left));
    });
  const { state: inner = {}, observe } = all;
  const own = { statistics: { augmentationProbability: probability } };
  return Object.assign(augment, {
    statistics: joinedStatistics([own, all])!,
    state: { probability, signs, updates, ...inner },
    observe: (...said: Parameters<typeof adapt>) => {
      adapt(...said);
      observe?.(...said);
    },
  });
}
