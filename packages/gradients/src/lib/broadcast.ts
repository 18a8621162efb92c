import * as tf from '@tensorflow/tfjs';
import { gradientConfig, sumTo } from './gradient-config';

/** Gradients of operations on two tensors, either of which may be broadcast. */
export const broadcastGradients = (): readonly tf.GradConfig[] => [
  gradientConfig('SquaredDifference', ['a', 'b'], (dy, [a, b]) => {
    const slope = () => tf.mul(dy, tf.mul(2, tf.sub(a, b)));
    return {
      a: () => sumTo(slope(), a.shape),
      b: () => sumTo(tf.neg(slope()), b.shape),
    };
  }),
  // Constant between its steps; the stock gradient is that of a quotient that is not rounded. Zeros
  // of dy, as the stock gradient of floor has them: what depends on nothing has no gradient itself.
  gradientConfig('FloorDiv', ['a', 'b'], (dy, [a, b]) => ({
    a: () => sumTo(tf.zerosLike(dy), a.shape),
    b: () => sumTo(tf.zerosLike(dy), b.shape),
  })),
];
