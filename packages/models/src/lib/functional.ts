import type * as tf from '@tensorflow/tfjs';

/** What a layer of one output makes of its input or inputs, in a network that is being put together. */
export function apply(
  layer: tf.layers.Layer,
  x: tf.SymbolicTensor | tf.SymbolicTensor[],
): tf.SymbolicTensor {
  return layer.apply(x) as tf.SymbolicTensor;
}

/** Leaves a layer or a tensor as it is. */
export const same = <T>(value: T): T => value;
