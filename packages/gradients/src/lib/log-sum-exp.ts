import * as tf from '@tensorflow/tfjs';
import type { RunKernel } from './gradient-config';

/**
 * Makes `tf.logSumExp` right where the largest value is infinite: it subtracts that from all, and
 * ∞ − ∞ is NaN. Inside of it, a maximum that is not finite becomes 0, with and without a tape. So
 * logSumExp([∞, 0]) = ∞ and logSumExp([−∞, −∞]) = −∞; NaN stays NaN.
 */
export function repairLogSumExp(): void {
  const engine = tf.engine();
  const stock = engine.runKernel.bind(engine) as RunKernel;
  const repaired: RunKernel = (kernelName, inputs, attrs) => {
    const result = stock(kernelName, inputs, attrs);
    // `tf.max` has a scope of its own within that of its caller.
    const inside = kernelName === 'Max' && engine.state.scopeStack.at(-2)?.name === 'logSumExp__op';
    if (!inside) return result;
    const largest = result as tf.Tensor;
    return tf.where(tf.isFinite(largest), largest, tf.zerosLike(largest));
  };
  engine.runKernel = repaired as typeof engine.runKernel;
}
