import { memberOf, requireNumbers, type Schedule, type Term } from '@ganloom/core';
import { outputOf } from './critique-output';
import { requireScales, SCALES, squaredMmd } from './squared-mmd';

/** Settings of {@link maximumMeanDiscrepancy}. */
export interface MaximumMeanDiscrepancyOptions {
  /** A schedule is asked with the generator's updates made before. Default 1. */
  readonly weight?: number | Schedule;
  /** What is compared among a sample's members, if it is a record. Default `images`. */
  readonly member?: string;
  /** The critique's output that is compared instead, such as `features`. Default: the samples themselves. */
  readonly output?: string;
  /** α of the kernels. Default 0.2, 0.5, 1, 2 and 5. */
  readonly scales?: readonly number[];
}

/**
 * The maximum mean discrepancy of real and fake samples: G matches the data in every moment that a kernel
 * sees.
 *
 * MMD²(x, G(z)) with rational quadratic kernels, the unbiased estimator
 *
 * Li et al. 2015 (arXiv 1502.02761) and Dziugaite et al. 2015 (arXiv 1505.03906), who train G on it alone: a
 * variant without a loss, whose discriminator does not play. Kernels of Bińkowski et al. 2018
 * (arXiv 1801.01401); `mmdGan` is their loss. In large pictures all are far apart: compare features.
 *
 * @throws UsageError if the weight is negative or a scale not positive; `value` a GanloomError if samples or
 *   critiques have no such tensor, or the batch has one example.
 */
export function maximumMeanDiscrepancy({
  weight = 1,
  member = 'images',
  output,
  scales = SCALES,
}: MaximumMeanDiscrepancyOptions = {}): Term {
  const where = 'maximumMeanDiscrepancy';
  requireNumbers(where, { weight }, { min: 0 });
  requireScales(where, scales);
  return {
    name: 'maximum-mean-discrepancy',
    player: 'generator',
    weight,
    value({ real, fake, realCritique, fakeCritique }) {
      const [wanted, made] =
        output === undefined
          ? [memberOf(where, real, member), memberOf(where, fake, member)]
          : [outputOf(where, realCritique(), output), outputOf(where, fakeCritique(), output)];
      return squaredMmd(where, wanted, made, scales);
    },
  };
}
