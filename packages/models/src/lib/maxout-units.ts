import { UsageError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import type { HiddenUnits } from './hidden-units';
import { withCall } from './layers';

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
 *
 * @throws UsageError if `pieces` is not an integer from 2.
 */
export function maxoutUnits({ pieces = 5 }: MaxoutUnitsOptions = {}): HiddenUnits {
  if (!Number.isSafeInteger(pieces) || pieces < 2) {
    throw new UsageError(`maxoutUnits: pieces must be an integer of at least 2, got ${pieces}`);
  }
  return {
    name: `maxout-${pieces}`,
    pieces,
    activate(x, name) {
      const units = x.shape[1]! / pieces;
      const split = tf.layers.reshape({ name: `${name}_pieces`, targetShape: [pieces, units] });
      return maxLayer(`${name}_maxout`).apply(split.apply(x)) as tf.SymbolicTensor;
    },
  };
}

/**
 * A stock GlobalMaxPooling1D that can be differentiated twice, which that of TensorFlow.js cannot:
 * max(a, b) = b + relu(a − b), one piece after the other. Of equal pieces, the last gets the gradient.
 */
function maxLayer(name: string): tf.layers.Layer {
  return withCall(tf.layers.globalMaxPooling1d({ name }), () => (x) => {
    const [, pieces, units] = x.shape as [number, number, number];
    // Not `tf.unstack`: the stock CPU kernels, and so backends that borrow them, split a value at a time.
    const each = Array.from({ length: pieces }, (_, j) =>
      tf.reshape(tf.slice(x, [0, j, 0], [-1, 1, units]), [-1, units]),
    );
    return each.reduce((max, piece) => tf.add(piece, tf.relu(tf.sub(max, piece))));
  });
}
