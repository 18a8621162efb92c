import { finiteDifference } from '@ganloom/test-tools/finite-difference';
import * as tf from '@tensorflow/tfjs';
import { type ConformanceCase, float32 } from './conformance-case';
import type { Plain } from './seeded-cases';

/** The gradient of Σ w·op(x), by finite differences of `reference`, which computes op in float64. */
export function gradientCase(
  x: Plain,
  op: (x: tf.Tensor) => tf.Tensor,
  reference: (x: ArrayLike<number>) => ArrayLike<number>,
): ConformanceCase {
  const weights = Float32Array.from(reference(x.values), (_, i) => Math.sin(1 + 2 * i));
  const weighted = (values: ArrayLike<number>) => {
    const y = reference(values);
    return weights.reduce((sum, weight, i) => sum + weight * y[i]!, 0);
  };
  return {
    inputs: [x],
    op: (v) =>
      tf.grad((p) => {
        const y = op(p);
        return tf.sum(tf.mul(y, tf.tensor(weights, y.shape)));
      })(v!),
    reference: () => float32(finiteDifference(weighted, x.values), x.shape),
    rtol: 1e-4,
    atol: 1e-4,
  };
}
