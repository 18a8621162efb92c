import { type Optimizer, requireNumbers } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/** Settings of {@link clipWeights}. */
export interface ClipWeightsOptions {
  /** No weight is larger than it, or smaller than −`limit`; default 0.01, the paper's. */
  readonly limit?: number;
}

/**
 * An optimizer that clips what it has updated: w ← min(max(w, −limit), limit).
 *
 * For the critic of Arjovsky, Chintala and Bottou 2017 (WGAN), arXiv 1701.07875, algorithm 1, where
 * it bounds the slope of the critic; all its variables are clipped, biases among them.
 *
 * @throws UsageError if `limit` is not above 0.
 */
export function clipWeights(
  optimizer: Optimizer,
  { limit = 0.01 }: ClipWeightsOptions = {},
): Optimizer {
  requireNumbers('clipWeights', { limit }, { above: 0 });
  const { rehearse } = optimizer;
  return {
    ...optimizer,
    name: `clip-weights(${optimizer.name})`,
    settings: { ...optimizer.settings, weightLimit: limit },
    apply(variables, gradients) {
      optimizer.apply(variables, gradients);
      for (const variable of variables) {
        tf.tidy(() => variable.assign(tf.clipByValue(variable, -limit, limit)));
      }
    },
    ...(rehearse && {
      rehearse(variables) {
        const next = rehearse(variables);
        return (parameters, gradients) =>
          next(parameters, gradients).map((parameter, i) =>
            gradients[i] ? tf.clipByValue(parameter, -limit, limit) : parameter,
          );
      },
    }),
  };
}
