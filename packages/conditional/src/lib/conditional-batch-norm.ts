import { batchNormLayer, embeddingLayer, type Normalize } from '@ganloom/models';
import * as tf from '@tensorflow/tfjs';
import { apply } from './networks';

/**
 * Conditional batch normalization: each class has a scale and a shift of its own.
 *
 * y = γ_c · (x − mean)/√(variance + ε) + β_c
 *
 * Dumoulin, Shlens and Kudlur 2016 (arXiv 1610.07629), de Vries et al. 2017 (arXiv 1707.00683). The
 * scales begin as N(1, 0.02), the shifts at 0. Made of stock layers, so that a saved network needs
 * nothing of this package.
 *
 * @param label `[batch, 1]`
 */
export function conditionalBatchNorm(label: tf.SymbolicTensor, classes: number): Normalize {
  const normalize = (x: tf.SymbolicTensor, name: string) => {
    const channels = x.shape.at(-1)!;
    const targetShape = [...x.shape.slice(1, -1).map(() => 1), channels];
    const ofClass = (part: string, mean: number, stddev: number) => {
      const table = { name: `${name}_${part}`, classes, size: channels, mean, stddev };
      const vector = apply(embeddingLayer(table), label);
      return apply(tf.layers.reshape({ name: `${name}_${part}_map`, targetShape }), vector);
    };
    const standardized = apply(batchNormLayer(name, { affine: false }), x);
    const scaled = apply(tf.layers.multiply({ name: `${name}_scaled` }), [
      standardized,
      ofClass('gamma', 1, 0.02),
    ]);
    return apply(tf.layers.add({ name: `${name}_shifted` }), [scaled, ofClass('beta', 0, 0)]);
  };
  return Object.assign(normalize, { hasShift: true });
}
