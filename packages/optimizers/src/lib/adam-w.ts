import { type Optimizer, UsageError } from '@ganloom/core';
import { type AdamOptions, decayingAdam } from './adam';

export interface AdamWOptions extends AdamOptions {
  /** λ; default 0.01. */
  readonly weightDecay?: number;
}

/**
 * Adam with decoupled weight decay.
 *
 * p ← (1 − lr · λ) p, then Adam's update
 *
 * Loshchilov and Hutter 2017, arXiv 1711.05101, in PyTorch's form, in which the decay follows the
 * learning rate. All variables shrink, biases and the scales of normalization among them.
 *
 * @throws UsageError if `weightDecay` is below 0 or no number.
 */
export function adamW({ weightDecay = 0.01, ...options }: AdamWOptions = {}): Optimizer {
  if (!(weightDecay >= 0)) {
    throw new UsageError(`adamW: weightDecay must be a number of at least 0, got ${weightDecay}`);
  }
  return decayingAdam('adam-w', options, weightDecay);
}
