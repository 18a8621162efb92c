import { type Optimizer, requireNumbers, sumOf } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/** Settings of {@link clipGradients}. */
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
  requireNumbers('clipGradients', { norm }, { above: 0 });
  const { rehearse } = optimizer;
  return {
    ...optimizer,
    name: `clip-gradients(${optimizer.name})`,
    settings: { ...optimizer.settings, gradientNorm: norm },
    apply(variables, gradients) {
      tf.tidy(() => optimizer.apply(variables, shortened(gradients, norm) as tf.Tensor[]));
    },
    ...(rehearse && {
      rehearse(variables) {
        const next = rehearse(variables);
        return (parameters, gradients) => next(parameters, shortened(gradients, norm));
      },
    }),
  };
}

function shortened(
  gradients: readonly (tf.Tensor | undefined)[],
  norm: number,
): readonly (tf.Tensor | undefined)[] {
  const squares = gradients.flatMap((gradient) => (gradient ? [tf.sum(tf.square(gradient))] : []));
  if (squares.length === 0) return gradients;
  // max(‖g‖², norm²), so that the root has a slope. Nothing is read back from the device to decide it.
  const length = tf.sqrt(tf.maximum(sumOf(squares), norm ** 2));
  const scale = tf.div(norm, length);
  return gradients.map((gradient) => gradient && tf.mul(gradient, scale));
}
