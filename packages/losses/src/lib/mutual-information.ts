import { requireNumbers, type Schedule, sumOf, type Term } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import type { Code } from './codes';

/** Settings of {@link mutualInformation}. */
export interface MutualInformationOptions {
  /** What G was asked to show: `categoricalCode(…)`, `gaussianCode(…)`. */
  readonly codes: readonly Code[];
  /** Whose objective it is part of; see below. Default `generator`. */
  readonly player?: Term['player'];
  /** λ; a schedule is asked with the generator's updates made before. Default 1. */
  readonly weight?: number | Schedule;
}

/**
 * The mutual information of InfoGAN: fakes are to show the codes they were made from, so that codes
 * come to mean something.
 *
 * −λ L_I = λ Σ_codes w E −log Q(c|G(z, c)), up to the codes' entropy, which is constant
 *
 * Chen et al. 2016 (arXiv 1606.03657). Codes are members of fake samples, predictions outputs of
 * critiques. Where Q is another head of D's network, put the term into a variant twice, once per player;
 * where it is a network of its own among the generator's, once.
 *
 * @throws UsageError if the weight is negative; `value` a GanloomError if a critique or sample lacks what a
 *   code needs.
 */
export function mutualInformation({
  codes,
  player = 'generator',
  weight = 1,
}: MutualInformationOptions): Term {
  requireNumbers('mutualInformation', { weight }, { min: 0 });
  return {
    name: 'mutual-information',
    player,
    weight,
    value(context) {
      const critique = context.fakeCritique();
      return tf.tidy(() => {
        const unlikely = codes.map((code) =>
          tf.mul(code.negativeLogLikelihood(context.fake, critique), code.weight),
        );
        return sumOf(unlikely) as tf.Scalar;
      });
    },
  };
}
