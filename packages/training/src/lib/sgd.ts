import type { Optimizer } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

export interface SgdOptions {
  readonly learningRate: number;
  /** Default 0: plain gradient descent. */
  readonly momentum?: number;
}

/**
 * Stochastic gradient descent, with heavy-ball momentum if asked for.
 *
 * b ← μb + g,  p ← p − lr · b
 *
 * Polyak 1964; PyTorch's form, in which a changed learning rate acts on past gradients too.
 */
export function sgd({ learningRate, momentum = 0 }: SgdOptions): Optimizer {
  const buffers = new Map<tf.Variable, tf.Variable>();

  const accumulate = (variable: tf.Variable, gradient: tf.Tensor): tf.Tensor => {
    if (momentum === 0) return gradient;
    const buffer = buffers.get(variable);
    if (buffer) buffer.assign(buffer.mul(momentum).add(gradient));
    // Multiplied by one, because a buffer that shared the gradient's memory would keep it alive.
    else buffers.set(variable, tf.variable(gradient.mul(1), false));
    return buffers.get(variable)!;
  };

  return {
    name: 'sgd',
    settings: { learningRate, momentum },
    apply(variables, gradients) {
      variables.forEach((variable, i) =>
        tf.tidy(() => {
          const direction = accumulate(variable, gradients[i]!);
          variable.assign(variable.sub(direction.mul(learningRate)));
        }),
      );
    },
    slots() {
      return Object.fromEntries(
        [...buffers].map(([variable, buffer]) => [`${variable.name}/momentum`, buffer]),
      );
    },
    dispose() {
      for (const buffer of buffers.values()) buffer.dispose();
      buffers.clear();
    },
  };
}
