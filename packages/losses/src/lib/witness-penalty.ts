import type { Critique, Schedule, Term } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { type GradientPenaltyOptions, interpolate, normPenalty } from './gradient-penalty';
import { meanOfSquaredNorms } from './input-gradients';
import { kernel, requireScales, SCALES } from './squared-mmd';

/** Settings of {@link witnessPenalty}. */
export interface WitnessPenaltyOptions extends GradientPenaltyOptions {
  /** λ; a schedule is asked with the generator's updates made before. Default 1. */
  readonly weight?: number | Schedule;
  /** α of the kernels: those of the loss. Default 0.2, 0.5, 1, 2 and 5. */
  readonly scales?: readonly number[];
}

/**
 * The gradient penalty of the MMD-GAN: what tells real from fake is to have slope 1 between them, whatever the
 * number of D's outputs.
 *
 * λ E (‖∇ₓ̂ w(x̂)‖ − 1)²,  w(t) = E k(D(t), D(x)) − E k(D(t), D(G(z))),  x̂ = ε x + (1 − ε) G(z), ε ~ U[0, 1)
 *
 * Bińkowski et al. 2018 (arXiv 1801.01401), section 3, with the rational quadratic kernels of `mmdGan`. The means
 * are over the batch; they count as constants in ∇ₓ̂, and the penalty's gradient follows D in them too.
 *
 * Samples, norms, packs and `oneSided` as in `gradientPenalty`. D must not normalize over the batch.
 *
 * @throws UsageError if a setting is out of range; `value` a GanloomError if real and fake examples differ in
 *   number or shape.
 */
export function witnessPenalty(options: WitnessPenaltyOptions = {}): Term {
  const where = 'witnessPenalty';
  const { weight = 1, every = 1, scales = SCALES } = options;
  const penalty = normPenalty(where, { ...options, weight });
  requireScales(where, scales);
  return {
    name: 'witness-penalty',
    player: 'discriminator',
    weight,
    every,
    value: (context) =>
      tf.tidy(() => {
        const [real, fake] = [pointsOf(context.realCritique()), pointsOf(context.fakeCritique())];
        const witness = (critique: Critique) => {
          const at = pointsOf(critique);
          return tf.sub(tf.mean(kernel(at, real, scales), 1), tf.mean(kernel(at, fake, scales), 1));
        };
        return meanOfSquaredNorms(context, interpolate(where, context), penalty, witness);
      }),
  };
}

function pointsOf({ logits }: Critique): tf.Tensor2D {
  return tf.reshape(logits, [logits.shape[0]!, -1]);
}
