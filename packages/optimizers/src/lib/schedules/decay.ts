import { requireCounts, requireIntegers, requireNumbers, type Schedule } from '@ganloom/core';

/** Settings of schedules that fall. */
export interface DecayOptions {
  readonly from: number;
  /** Where it ends. Default 0. */
  readonly to?: number;
  /** Updates that it takes from one to the other. */
  readonly updates: number;
  /** Updates before it begins. Default 0. */
  readonly after?: number;
}

/**
 * A schedule along a straight line:
 *
 * at(n) = from + (to − from) · s,  s = min(1, max(0, n − after) / updates)
 *
 * GANs circle around their solution as long as their steps are long; Zhu et al. 2017 (CycleGAN, arXiv
 * 1703.10593) keep the rate for one half of the training and let it fall to 0 in the other. With
 * `updates` of the whole run, the last update still has a rate above `to`.
 *
 * @throws UsageError if a rate is below 0, or a count of updates is no positive integer.
 */
export function linearDecay(options: DecayOptions): Schedule {
  return between('linearDecay', 'linear', options, (share) => share);
}

/**
 * A schedule along half a cosine, which is slow at both ends:
 *
 * at(n) = to + (from − to) · (1 + cos(π · s)) / 2,  s = min(1, max(0, n − after) / updates)
 *
 * Loshchilov and Hutter 2016 (SGDR), arXiv 1608.03983, without the restarts.
 *
 * @throws UsageError if a rate is below 0, or a count of updates is no positive integer.
 */
export function cosineDecay(options: DecayOptions): Schedule {
  return between('cosineDecay', 'cosine', options, (share) => (1 - Math.cos(Math.PI * share)) / 2);
}

function between(
  where: string,
  shape: string,
  { from, to = 0, updates, after = 0 }: DecayOptions,
  bend: (share: number) => number,
): Schedule {
  requireNumbers(where, { from, to }, { min: 0 });
  requireCounts(where, { updates });
  requireIntegers(where, { after }, { min: 0 });
  const begin = after > 0 ? ` after ${after}` : '';
  return {
    name: `${shape} decay from ${from} to ${to} in ${updates} updates${begin}`,
    at(update) {
      const share = Math.min(1, Math.max(0, update - after) / updates);
      return from + (to - from) * bend(share);
    },
  };
}
