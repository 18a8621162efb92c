import {
  ganloomError,
  requireCounts,
  requireNumbers,
  type Sample,
  type Schedule,
  type Term,
  type TermContext,
} from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { meanOfSquaredNorms, safeNorm } from './input-gradients';
import { mapFloats } from './sample-tensors';

/** Settings of {@link gradientPenalty}. */
export interface GradientPenaltyOptions {
  /** λ; a schedule is asked with the generator's updates made before. Default 10. */
  readonly weight?: number | Schedule;
  /** The norm that is not penalized. Default 1; 0 pulls every gradient to zero. */
  readonly target?: number;
  /** Penalize only norms above the target (Petzka et al. 2017, arXiv 1709.08894). Default false. */
  readonly oneSided?: boolean;
  /** Evaluate in every n-th step only, with n times the weight. Default 1. */
  readonly every?: number;
}

/**
 * The gradient penalty of WGAN-GP: D is to have slope 1 between real and fake examples.
 *
 * λ E (‖∇ₓ̂ D(x̂)‖ − 1)², or with `oneSided` λ E max(0, ‖∇ₓ̂ D(x̂)‖ − 1)²
 * x̂ = ε x + (1 − ε) G(z), ε ~ U[0, 1), one for each pair of examples
 *
 * Gulrajani et al. 2017 (arXiv 1704.00028); the target 0 is the penalty of Thanh-Tung et al. 2019
 * (arXiv 1902.03984). D must not normalize over the batch.
 *
 * Samples `[batch, …]`, or records of such: float32 members are interpolated, all with the ε of their
 * example, and the others, such as labels, are those of the real sample. A norm is over all values of
 * an example. In a packed game, a pack has one norm and one ε: it is one input of D. Logits of several
 * patches are summed; for logits that are points, as those of `mmdGan`, take `witnessPenalty`.
 *
 * @throws UsageError if a setting is out of range; `value` a GanloomError if real and fake examples differ in
 *   number or shape.
 */
export function gradientPenalty(options: GradientPenaltyOptions = {}): Term {
  const penalty = normPenalty('gradientPenalty', options);
  const { weight = 10, every = 1 } = options;
  return {
    name: 'gradient-penalty',
    player: 'discriminator',
    weight,
    every,
    value: (context) =>
      tf.tidy(() => {
        const between = interpolate('gradientPenalty', context);
        return meanOfSquaredNorms(context, between, penalty);
      }),
  };
}

/** (‖∇‖ − target)² of squared norms, one-sided or not. Checks the options. */
export function normPenalty(
  where: string,
  { weight = 10, target = 1, oneSided = false, every = 1 }: GradientPenaltyOptions,
): (squaredNorms: tf.Tensor) => tf.Tensor {
  requireNumbers(where, { weight, target }, { min: 0 });
  requireCounts(where, { every }, 'use 1 for each step');
  return (squaredNorms) => {
    const excess = tf.sub(safeNorm(squaredNorms), target);
    return tf.square(oneSided ? tf.relu(excess) : excess);
  };
}

/** Samples between real and fake ones, each by an ε of its own, in a packed game its pack's. */
export function interpolate<S extends Sample>(where: string, context: TermContext<S>): S {
  const { real, fake, random, packDegree: degree } = context;
  const others = fake as Readonly<Record<string, tf.Tensor>>;
  let shares: tf.Tensor | undefined;
  return mapFloats(real, (one, name) => {
    const other = name === undefined ? (fake as tf.Tensor) : others[name];
    // What only real examples have, there is nothing to go towards.
    if (other === undefined) return one;
    if (!tf.util.arraysEqual(one.shape, other.shape)) {
      throw ganloomError(
        where,
        `real and fake examples must have one shape [${one.shape}]`,
        other.shape,
        'make as many fakes as the batch has examples',
      );
    }
    const count = one.shape[0]!;
    // Row e is part of pack e mod n.
    shares ??= tf.tile(random.uniform([count / degree]), [degree]);
    const perExample = tf.reshape(shares, [count, ...one.shape.slice(1).fill(1)]);
    return tf.add(other, tf.mul(perExample, tf.sub(one, other)));
  });
}
