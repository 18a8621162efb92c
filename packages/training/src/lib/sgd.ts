import type { Optimizer } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { copy } from './own-storage';

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
    // A copy, because a buffer that shared the gradient's memory would keep it alive.
    else buffers.set(variable, copy(gradient));
    return buffers.get(variable)!;
  };

  const forget = () => {
    tf.dispose([...buffers.values()]);
    buffers.clear();
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
    rehearse(variables) {
      const memory = variables.map((variable) => buffers.get(variable) as tf.Tensor | undefined);
      return (parameters, gradients) =>
        parameters.map((parameter, i) => {
          const gradient = gradients[i];
          if (!gradient) return parameter;
          const before = memory[i];
          const direction = before ? before.mul(momentum).add(gradient) : gradient;
          if (momentum !== 0) memory[i] = direction;
          return parameter.sub(direction.mul(learningRate));
        });
    },
    slots(variables) {
      const all: Record<string, tf.Tensor> = {};
      for (const [name, variable] of Object.entries(variables)) {
        const buffer = buffers.get(variable);
        if (buffer) all[`${name}/momentum`] = buffer;
      }
      return all;
    },
    restore(variables, slots) {
      const restored: [tf.Variable, tf.Variable][] = [];
      for (const [name, variable] of Object.entries(variables)) {
        const buffer = slots[`${name}/momentum`];
        if (buffer) restored.push([variable, copy(buffer)]);
      }
      // Only now, because the slots may be this optimizer's own.
      forget();
      for (const [variable, buffer] of restored) buffers.set(variable, buffer);
    },
    dispose: forget,
  };
}
