import { requireCounts, requireNumbers, type Schedule } from '@ganloom/core';

/** Settings of {@link exponentialDecay}. */
export interface ExponentialDecayOptions {
  readonly from: number;
  /** What is left after each `updates` updates, as a share; above 0. */
  readonly rate: number;
  readonly updates: number;
}

/**
 * A schedule that loses the same share in the same time, a little in each update:
 *
 * at(n) = from · rate^(n / updates)
 *
 * @throws UsageError if a setting is out of its range.
 */
export function exponentialDecay({ from, rate, updates }: ExponentialDecayOptions): Schedule {
  requireShare('exponentialDecay', { from, rate, updates });
  return {
    name: `exponential decay from ${from} by ${rate} in ${updates} updates`,
    at: (update) => from * rate ** (update / updates),
  };
}

/**
 * A schedule that goes down in steps:
 *
 * at(n) = from · rate^⌊n / updates⌋
 *
 * Ledig et al. 2016 (SRGAN, arXiv 1609.04802) take a tenth for the second half.
 *
 * @throws UsageError if a setting is out of its range.
 */
export function stepDecay({ from, rate, updates }: ExponentialDecayOptions): Schedule {
  requireShare('stepDecay', { from, rate, updates });
  return {
    name: `step decay from ${from} by ${rate} each ${updates} updates`,
    at: (update) => from * rate ** Math.floor(update / updates),
  };
}

function requireShare(where: string, { from, rate, updates }: ExponentialDecayOptions): void {
  requireNumbers(where, { from }, { min: 0 });
  requireNumbers(where, { rate }, { above: 0 });
  requireCounts(where, { updates });
}
