import * as tf from '@tensorflow/tfjs';
import { ganloomError } from '@ganloom/core';
import { runKernel } from './gradient-config';

/** Kernels whose stock gradient is a function of their output, and the inputs they have. */
const kernels: Record<string, readonly string[]> = {
  Elu: ['x'],
  Exp: ['x'],
  LogSoftmax: ['logits'],
  Pow: ['a', 'b'],
  Sigmoid: ['x'],
  Softmax: ['logits'],
  Tanh: ['x'],
};

/**
 * The stock gradients of {@link kernels}, right to any order.
 *
 * A saved output is a clone that stands on the tape before the operation which made it. A backward
 * pass visits the clone after the operation, so what it brings to the output comes too late and
 * is lost without an error. Where an outer tape records, the output is therefore made again from
 * the saved inputs; where none does, the saved one is as good and costs nothing.
 */
export function savedOutputGradients(): tf.GradConfig[] {
  return Object.entries(kernels).map(([kernelName, inputs]) => recomputing(kernelName, inputs));
}

function recomputing(kernelName: string, inputs: readonly string[]): tf.GradConfig {
  const stock = tf.getGradient(kernelName);
  if (stock === undefined) {
    throw ganloomError(
      'installGradients',
      `a registered gradient of ${kernelName}`,
      'none',
      "import '@tensorflow/tfjs', which registers the stock gradients",
    );
  }
  const wanted = (stock.inputsToSave ?? []).map((name) => inputs.indexOf(name));
  return {
    kernelName,
    inputsToSave: [...inputs],
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => {
      const named = Object.fromEntries(inputs.map((name, i) => [name, saved[i]!]));
      const y = tf.engine().isTapeOn()
        ? runKernel(kernelName, named, attrs)
        : saved[inputs.length]!;
      return stock.gradFunc(dy, [...wanted.map((i) => saved[i]!), y], attrs);
    },
  };
}
