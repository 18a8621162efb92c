import { type Optimizer, UsageError, valueAt } from '@ganloom/core';
import { composedOptimizer } from './composed-optimizer';
import type { LearningRate } from './learning-rate';

export interface SgdOptions {
  readonly learningRate: LearningRate;
  /** Default 0: plain gradient descent. */
  readonly momentum?: number;
  /** Looks one step ahead along the momentum. Default false. */
  readonly nesterov?: boolean;
}

/**
 * Stochastic gradient descent, with heavy-ball momentum if asked for, or Nesterov's.
 *
 * b ← μb + g,  p ← p − lr · b;  Nesterov's: p ← p − lr · (g + μb)
 *
 * Polyak 1964; Nesterov 1983, as Sutskever et al. 2013 have it; PyTorch's form, in which a changed
 * learning rate acts on past gradients too.
 *
 * @throws UsageError if `nesterov` is asked for without momentum.
 */
export function sgd({ learningRate, momentum = 0, nesterov = false }: SgdOptions): Optimizer {
  if (nesterov && !(momentum > 0)) {
    throw new UsageError(`sgd: nesterov needs a momentum above 0, got ${momentum}`);
  }
  const remembers = momentum !== 0;
  return composedOptimizer({
    name: 'sgd',
    settings: { learningRate, momentum, ...(nesterov && { nesterov }) },
    slots: remembers ? ['momentum'] : [],
    countMatters: typeof learningRate !== 'number',
    kernel: 'SgdStep',
    attrs: (n) => ({ learningRate: valueAt(learningRate, n), momentum, nesterov }),
    update(parameter, slots, gradient, { learningRate: rate }) {
      const buffer = remembers ? slots.momentum.mul(momentum).add(gradient) : gradient;
      const direction = nesterov ? buffer.mul(momentum).add(gradient) : buffer;
      return {
        parameter: parameter.sub(direction.mul(rate)),
        slots: { momentum: buffer },
      };
    },
  });
}
