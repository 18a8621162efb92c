import { type Optimizer, UsageError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

export interface ClipGradientsOptions {
  /** The longest that all gradients of an update together may be. */
  readonly norm: number;
}

/**
 * An optimizer that is given shorter gradients where they are too long together:
 *
 * g ← g · min(1, norm / ‖g‖),  ‖g‖² = Σ over all variables and values
 *
 * Pascanu, Mikolov and Bengio 2012, arXiv 1211.5063, algorithm 1.
 *
 * @throws UsageError if `norm` is not above 0.
 */
export function clipGradients(optimizer: Optimizer, { norm }: ClipGradientsOptions): Optimizer {
  if (!(norm > 0)) throw new UsageError(`clipGradients: norm must be above 0, got ${norm}`);
  return {
    ...optimizer,
    name: `clip-gradients(${optimizer.name})`,
    settings: { ...optimizer.settings, gradientNorm: norm },
    apply(variables, gradients) {
      if (gradients.length === 0) return;
      tf.tidy(() => {
        const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)));
        const length = tf.sqrt(tf.addN(squares));
        // Nothing is read back from the device to decide it.
        const scale = tf.div(norm, tf.maximum(length, norm));
        optimizer.apply(
          variables,
          gradients.map((gradient) => tf.mul(gradient, scale)),
        );
      });
    },
  };
}
