import type { Optimizer, Schedule } from '@ganloom/core';
import { type AdamOptions, decayingAdam } from './adam';

/** Settings of {@link adamW}. */
export interface AdamWOptions extends AdamOptions {
  /** λ; default 0.01. */
  readonly weightDecay?: number | Schedule;
}

/**
 * Adam with decoupled weight decay.
 *
 * p ← (1 − lr · λ) p, then Adam's update
 *
 * Loshchilov and Hutter 2017, arXiv 1711.05101, in PyTorch's form, in which the decay follows the
 * learning rate. All variables shrink, biases and the scales of normalization among them. Schedules are
 * asked with the updates of the variable made before.
 *
 * @throws UsageError if a rate, ε or λ is below 0, or a β is not at least 0 and below 1.
 */
export function adamW({ weightDecay = 0.01, ...options }: AdamWOptions = {}): Optimizer {
  return decayingAdam('adamW', 'adam-w', options, weightDecay);
}
