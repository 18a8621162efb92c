import * as tf from '@tensorflow/tfjs';
import { leakyReluLayer } from './layers';

/**
 * What a hidden layer does to the dense layer under it: ReLU, leaky ReLU, maxout.
 *
 * The dense layer has `units · pieces` outputs, and `activate` makes `units` of them.
 */
export interface HiddenUnits {
  readonly name: string;
  /** Linear pieces of each unit. */
  readonly pieces: number;
  /** From `[batch, units · pieces]` to `[batch, units]`; `name` names the layers. */
  activate(x: tf.SymbolicTensor, name: string): tf.SymbolicTensor;
}

/** max(x, 0). */
export function reluUnits(): HiddenUnits {
  return {
    name: 'relu',
    pieces: 1,
    activate: (x, name) => tf.layers.reLU({ name: `${name}_relu` }).apply(x) as tf.SymbolicTensor,
  };
}

/** Settings of {@link leakyReluUnits}. */
export interface LeakyReluUnitsOptions {
  /** Slope below zero; default 0.2, as in Radford et al. 2015 (arXiv 1511.06434). */
  readonly slope?: number;
}

/** max(x, 0) + slope · min(x, 0) (Maas, Hannun and Ng 2013). */
export function leakyReluUnits({ slope = 0.2 }: LeakyReluUnitsOptions = {}): HiddenUnits {
  return {
    name: 'leaky-relu',
    pieces: 1,
    activate: (x, name) =>
      leakyReluLayer(`${name}_leaky_relu`, slope).apply(x) as tf.SymbolicTensor,
  };
}
