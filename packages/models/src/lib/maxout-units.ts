import { requireIntegers } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import type { HiddenUnits } from './hidden-units';

/** Settings of {@link maxoutUnits}. */
export interface MaxoutUnitsOptions {
  /** Linear functions that each unit takes the greatest of; default 5. */
  readonly pieces?: number;
}

/**
 * Maxout units, hᵢ = maxⱼ (xᵀW₍ⱼᵢ₎ + b₍ⱼᵢ₎) over the pieces j.
 *
 * Goodfellow et al. 2013, arXiv 1302.4389. Stock layers: output j·units + i of the dense layer is
 * piece j of unit i; a Reshape to `[batch, pieces, units]` and a GlobalMaxPooling1D take the maximum.
 * It can be differentiated twice after `installGradients()`, which the trainer calls.
 *
 * @throws UsageError if `pieces` is not an integer from 2.
 */
export function maxoutUnits({ pieces = 5 }: MaxoutUnitsOptions = {}): HiddenUnits {
  requireIntegers('maxoutUnits', { pieces }, { min: 2 });
  return {
    name: `maxout-${pieces}`,
    pieces,
    activate(x, name) {
      const units = x.shape[1]! / pieces;
      const split = tf.layers.reshape({ name: `${name}_pieces`, targetShape: [pieces, units] });
      const greatest = tf.layers.globalMaxPooling1d({ name: `${name}_maxout` });
      return greatest.apply(split.apply(x)) as tf.SymbolicTensor;
    },
  };
}
