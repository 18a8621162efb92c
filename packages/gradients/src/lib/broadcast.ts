import * as tf from '@tensorflow/tfjs';
import { gradientConfig, noGradient, sumTo } from './gradient-config';

/** Gradients of operations on two tensors, either of which may be broadcast. */
export const broadcastGradients: readonly tf.GradConfig[] = [
  gradientConfig('SquaredDifference', ['a', 'b'], (dy, [a, b]) => {
    const slope = () => tf.mul(dy, tf.mul(2, tf.sub(a, b)));
    return {
      a: () => sumTo(slope(), a.shape),
      b: () => sumTo(tf.neg(slope()), b.shape),
    };
  }),
  // Constant between its steps; the stock gradient is that of a division that is not rounded.
  gradientConfig('FloorDiv', ['a', 'b'], (_, [a, b]) => ({ a: noGradient(a), b: noGradient(b) })),
];
