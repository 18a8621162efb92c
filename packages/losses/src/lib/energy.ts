import type { Critique } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/**
 * What energy-based losses look at: the critique's output `energy` if it has one, else −logits. Low
 * energy is real, as the reconstruction error of an autoencoder that knows real examples.
 */
export function energyOf(critique: Critique): tf.Tensor {
  return critique['energy'] ?? tf.neg(critique.logits);
}
