import { requireCounts, requireNumbers, type Schedule, type Term } from '@ganloom/core';
import { meanOfSquaredNorms } from './input-gradients';

/** Settings of {@link r1} and {@link r2}. */
export interface ZeroCenteredPenaltyOptions {
  /** γ; a schedule is asked with the generator's updates made before. Default 10. */
  readonly gamma?: number | Schedule;
  /**
   * Evaluate in every n-th step only, with n times the weight: lazy regularization (Karras et al. 2020,
   * arXiv 1912.04958, n = 16). Default 1.
   */
  readonly every?: number;
}

/**
 * R1: D is to be flat at real examples, so that it rests where the fakes match them.
 *
 * γ/2 · E ‖∇ₓ D(x)‖²
 *
 * Mescheder, Geiger and Nowozin 2018 (arXiv 1801.04406). The term's weight is γ/2.
 *
 * Samples `[batch, …]`, or records of such; a norm is over all values of an example, or of
 * a packed game's pack. Logits of several patches are summed; it does not bound logits that are
 * points, as those of `mmdGan`.
 *
 * @throws UsageError if γ is negative or `every` is no positive integer.
 */
export function r1(options: ZeroCenteredPenaltyOptions = {}): Term {
  return zeroCenteredPenalty('r1', 'real', options);
}

/**
 * R2: D is to be flat at fake examples.
 *
 * γ/2 · E ‖∇ₓ D(G(z))‖²
 *
 * Mescheder, Geiger and Nowozin 2018 (arXiv 1801.04406). Otherwise as {@link r1}.
 *
 * @throws UsageError if γ is negative or `every` is no positive integer.
 */
export function r2(options: ZeroCenteredPenaltyOptions = {}): Term {
  return zeroCenteredPenalty('r2', 'fake', options);
}

function zeroCenteredPenalty(
  name: string,
  of: 'real' | 'fake',
  { gamma = 10, every = 1 }: ZeroCenteredPenaltyOptions,
): Term {
  requireNumbers(name, { gamma }, { min: 0 });
  requireCounts(name, { every }, 'use 1 for each step');
  return {
    name,
    player: 'discriminator',
    weight: half(gamma),
    every,
    value: (context) => meanOfSquaredNorms(context, context[of], (squared) => squared),
  };
}

function half(gamma: number | Schedule): number | Schedule {
  if (typeof gamma === 'number') return gamma / 2;
  return { name: `half of ${gamma.name}`, at: (update) => gamma.at(update) / 2 };
}
