import {
  memberOf,
  requireNumbers,
  type Sample,
  type Schedule,
  sumOf,
  type Term,
  usageError,
} from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { requireShape } from './require-shape';

/** Which members of a sample are compared. */
export interface MemberPairsOptions {
  /** Members of the real sample, and for each the member of the fake one that is to equal it. */
  readonly pairs: Readonly<Record<string, string>>;
  /** λ; a schedule is asked with the generator's updates made before. Default 10 for
   * `cycleConsistency`, 5 for `identity`. */
  readonly weight?: number | Schedule;
}

/**
 * Cycle consistency: what is translated there and back is to be what it was.
 *
 * λ Σ_pairs E |F(G(x)) − x|
 *
 * Zhu et al. 2017, equation 2 (arXiv 1703.10593), with λ = 10, which is the default. The game puts the
 * pictures that came back into its fake samples:
 * `cycleConsistency({ pairs: { photos: 'photosAgain', paintings: 'paintingsAgain' } })`.
 *
 * Members of a pair have one shape; means are over all their values.
 *
 * @throws UsageError if the weight is negative or there are no pairs; `value` a GanloomError if a member is
 *   missing or has another shape.
 */
export function cycleConsistency({ pairs, weight = 10 }: MemberPairsOptions): Term {
  return pairsTerm('cycleConsistency', 'cycle-consistency', pairs, weight);
}

/**
 * Identity: what already is of the other domain is to stay as it is, which keeps colors.
 *
 * λ Σ_pairs E |G(y) − y|
 *
 * Zhu et al. 2017, section 5.2 (arXiv 1703.10593), with half the weight of cycle consistency; the default
 * is 5. The game puts G(y) into its fake samples: `identity({ pairs: { paintings: 'paintingsKept' } })`.
 *
 * Members of a pair have one shape; means are over all their values.
 *
 * @throws UsageError if the weight is negative or there are no pairs; `value` a GanloomError if a member is
 *   missing or has another shape.
 */
export function identity({ pairs, weight = 5 }: MemberPairsOptions): Term {
  return pairsTerm('identity', 'identity', pairs, weight);
}

function pairsTerm(
  where: string,
  name: string,
  pairs: Readonly<Record<string, string>>,
  weight: number | Schedule,
): Term {
  requireNumbers(where, { weight }, { min: 0 });
  const wanted = Object.entries(pairs);
  if (wanted.length === 0) throw usageError(where, 'pairs must name members', pairs);
  const distance = (real: Sample, fake: Sample, one: string, other: string) => {
    const [original, made] = [memberOf(where, real, one), memberOf(where, fake, other)];
    const remedy = 'pair members that show the same';
    requireShape(where, [`"${other}"`, made], [`"${one}"`, original], remedy);
    return tf.mean(tf.abs(tf.sub(made, original)));
  };
  return {
    name,
    player: 'generator',
    weight,
    value: ({ real, fake }) =>
      tf.tidy(() => {
        const distances = wanted.map(([one, other]) => distance(real, fake, one, other));
        return sumOf(distances) as tf.Scalar;
      }),
  };
}
