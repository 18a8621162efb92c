import * as tf from '@tensorflow/tfjs';
import { gradientConfig, noGradient, sumTo } from './gradient-config';

const twoInputs = [
  'Equal',
  'NotEqual',
  'Greater',
  'GreaterEqual',
  'Less',
  'LessEqual',
  'LogicalAnd',
  'LogicalOr',
];

type Choose = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** dy goes to the input that was chosen, and to a where both are equal. */
function extremum(kernelName: string, aIsChosen: Choose): tf.GradConfig {
  return gradientConfig(kernelName, ['a', 'b'], (dy, [a, b]) => {
    const mask = () => tf.cast(aIsChosen(a, b), 'float32');
    return {
      a: () => sumTo(tf.mul(dy, mask()), a.shape),
      b: () => sumTo(tf.mul(dy, tf.sub(1, mask())), b.shape),
    };
  });
}

/**
 * Comparisons are constant almost everywhere. That is a gradient, zero, and not the absence of
 * one: without it no function that chooses by its own input, as `where(greater(x, 0), x, y)` does,
 * can be differentiated.
 */
export const comparisonGradients = (): readonly tf.GradConfig[] => [
  ...twoInputs.map((kernelName) =>
    gradientConfig(kernelName, ['a', 'b'], (_, [a, b]) => ({ a: noGradient(a), b: noGradient(b) })),
  ),
  gradientConfig('LogicalNot', ['x'], (_, [x]) => ({ x: noGradient(x) })),
  gradientConfig('Any', ['x'], (_, [x]) => ({ x: noGradient(x) })),
  gradientConfig('All', ['x'], (_, [x]) => ({ x: noGradient(x) })),
  extremum('Maximum', tf.greaterEqual),
  extremum('Minimum', tf.lessEqual),
];
