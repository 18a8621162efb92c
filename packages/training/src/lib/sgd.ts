import { type Optimizer, UsageError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { type LearningRate, rateAt } from './learning-rate';
import { optimizerMemory } from './optimizer-memory';

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
  const memory = optimizerMemory<'momentum'>({
    name: 'sgd',
    slots: momentum === 0 ? [] : ['momentum'],
    countMatters: typeof learningRate !== 'number',
  });
  const accumulated = (buffer: tf.Tensor | undefined, gradient: tf.Tensor) =>
    buffer ? buffer.mul(momentum).add(gradient) : gradient;
  const directionOf = (buffer: tf.Tensor, gradient: tf.Tensor) =>
    nesterov ? buffer.mul(momentum).add(gradient) : buffer;

  return {
    name: 'sgd',
    settings: { learningRate, momentum, ...(nesterov && { nesterov }) },
    apply(variables, gradients) {
      variables.forEach((variable, i) => {
        const slot = memory.of(variable);
        const rate = rateAt(learningRate, slot.updates++);
        tf.tidy(() => {
          const gradient = gradients[i]!;
          const buffer = momentum === 0 ? undefined : slot.slots.momentum;
          buffer?.assign(accumulated(buffer, gradient));
          variable.assign(variable.sub(directionOf(buffer ?? gradient, gradient).mul(rate)));
        });
      });
    },
    rehearse(variables) {
      const rehearsed = variables.map((variable) => {
        const slot = memory.find(variable);
        return {
          buffer: slot?.slots.momentum as tf.Tensor | undefined,
          updates: slot?.updates ?? 0,
        };
      });
      return (parameters, gradients) =>
        parameters.map((parameter, i) => {
          const gradient = gradients[i];
          if (!gradient) return parameter;
          const slot = rehearsed[i]!;
          const buffer = accumulated(slot.buffer, gradient);
          if (momentum !== 0) slot.buffer = buffer;
          const direction = directionOf(buffer, gradient);
          return parameter.sub(direction.mul(rateAt(learningRate, slot.updates++)));
        });
    },
    slots: memory.slots,
    restore: memory.restore,
    dispose: memory.dispose,
  };
}
