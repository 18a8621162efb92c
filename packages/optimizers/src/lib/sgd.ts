import { type Optimizer, requireNumbers, type Schedule, usageError, valueAt } from '@ganloom/core';
import { composedOptimizer } from './composed-optimizer';
import type { LearningRate } from './learning-rate';
import { isScheduled } from './settings';

/** Settings of {@link sgd}. */
export interface SgdOptions {
  readonly learningRate: LearningRate;
  /** Default 0: plain gradient descent. */
  readonly momentum?: number | Schedule;
  /** Looks one step ahead along the momentum. Default false. */
  readonly nesterov?: boolean;
}

/**
 * Stochastic gradient descent, with heavy-ball momentum if asked for, or Nesterov's.
 *
 * b ← μb + g,  p ← p − lr · b;  Nesterov's: p ← p − lr · (g + μb)
 *
 * Polyak 1964; Nesterov 1983, as Sutskever et al. 2013 have it; PyTorch's form, in which a changed
 * learning rate acts on past gradients too. Schedules are asked with the updates of the variable made
 * before.
 *
 * @throws UsageError if the rate is below 0, or `nesterov` is asked for without momentum.
 */
export function sgd({ learningRate, momentum = 0, nesterov = false }: SgdOptions): Optimizer {
  requireNumbers('sgd', { learningRate }, { min: 0 });
  requireNumbers('sgd', { momentum });
  if (nesterov && typeof momentum === 'number' && momentum <= 0) {
    throw usageError('sgd', 'nesterov needs a momentum above 0', momentum);
  }
  const remembers = momentum !== 0;
  return composedOptimizer({
    name: 'sgd',
    settings: { learningRate, momentum, ...(nesterov && { nesterov }) },
    slots: remembers ? ['momentum'] : [],
    countMatters: isScheduled(learningRate, momentum),
    kernel: 'SgdStep',
    attrs: (n) => ({
      learningRate: valueAt(learningRate, n),
      momentum: valueAt(momentum, n),
      nesterov,
    }),
    update(parameter, slots, gradient, attrs) {
      const buffer = remembers ? slots.momentum.mul(attrs.momentum).add(gradient) : gradient;
      const direction = nesterov ? buffer.mul(attrs.momentum).add(gradient) : buffer;
      return {
        parameter: parameter.sub(direction.mul(attrs.learningRate)),
        slots: { momentum: buffer },
      };
    },
  });
}
