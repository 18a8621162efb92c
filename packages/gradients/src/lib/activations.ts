import * as tf from '@tensorflow/tfjs';
import { gradientConfig, sumTo } from './gradient-config';

// λ and λα of Klambauer et al. 2017, arXiv 1706.02515.
const seluScale = 1.0507009873554805;
const seluScaleAlpha = 1.7580993408473768;

/** 1 where x > 0, else 0. Its gradient is zero and, unlike a comparison's, exists in stock. */
const positive = (x: tf.Tensor) => tf.step(x);

const notPositive = (x: tf.Tensor) => tf.sub(1, tf.step(x));

/** exp(min(x, 0)), which does not overflow where the branch is not taken: 0·∞ would be NaN. */
const boundedExp = (x: tf.Tensor) => tf.exp(tf.neg(tf.relu(tf.neg(x))));

/** Gradients of piecewise activations, in operations that can be differentiated again. */
export const activationGradients = (): readonly tf.GradConfig[] => [
  {
    // Saves the output, which the next layer saves as well, where the stock one keeps the input.
    kernelName: 'Relu',
    outputsToSave: [true],
    gradFunc: (dy, saved) => ({ x: () => tf.mul(dy as tf.Tensor, positive(saved[0]!)) }),
  },
  gradientConfig('LeakyRelu', ['x'], (dy, [x], { alpha }: { alpha: number }) => ({
    x: () => tf.mul(dy, tf.step(x, alpha)),
  })),
  gradientConfig('Prelu', ['x', 'alpha'], (dy, [x, alpha]) => ({
    x: () => tf.mul(dy, tf.add(positive(x), tf.mul(alpha, notPositive(x)))),
    alpha: () => sumTo(tf.mul(dy, tf.mul(x, notPositive(x))), alpha.shape),
  })),
  gradientConfig('Relu6', ['x'], (dy, [x]) => ({
    x: () => tf.mul(dy, tf.mul(positive(x), positive(tf.sub(6, x)))),
  })),
  gradientConfig('Selu', ['x'], (dy, [x]) => ({
    x: () =>
      tf.mul(
        dy,
        tf.add(
          tf.mul(positive(x), seluScale),
          tf.mul(tf.mul(notPositive(x), boundedExp(x)), seluScaleAlpha),
        ),
      ),
  })),
  // Of Elu's stock gradient: dy·(1 + min(y, 0)).
  gradientConfig('EluGrad', ['dy', 'y'], (d, [dy, y]) => ({
    dy: () => tf.mul(d, tf.sub(1, tf.relu(tf.neg(y)))),
    y: () => tf.mul(tf.mul(d, dy), notPositive(y)),
  })),
];
