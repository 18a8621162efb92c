import * as tf from '@tensorflow/tfjs';
import { ganloomError } from '@ganloom/core';
import { gradientConfig, sumTo } from './gradient-config';

interface MatMulAttrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

interface FusedAttrs extends MatMulAttrs {
  readonly activation: string;
  readonly biasShape?: number[];
}

/** Sums over a batch that one side broadcasts: [1, n, k] · [b, k, m]. */
function factors(dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor, attrs: MatMulAttrs) {
  const { transposeA, transposeB } = attrs;
  const da = () =>
    transposeA ? tf.matMul(b, dy, transposeB, true) : tf.matMul(dy, b, false, !transposeB);
  const db = () =>
    transposeB ? tf.matMul(dy, a, true, transposeA) : tf.matMul(a, dy, !transposeA, false);
  return { a: () => sumTo(da(), a.shape), b: () => sumTo(db(), b.shape) };
}

/** Gradients of batched matrix products. */
export const matMulGradients = (): readonly tf.GradConfig[] => [
  gradientConfig('BatchMatMul', ['a', 'b'], (dy, [a, b], attrs: MatMulAttrs) =>
    factors(dy, a, b, attrs),
  ),
  gradientConfig('_FusedMatMul', ['a', 'b'], (dy, [a, b], attrs: FusedAttrs) => {
    // TensorFlow.js fuses no other activation while a tape records.
    if (attrs.activation !== 'linear') {
      throw ganloomError(
        'gradient of _FusedMatMul',
        'activation linear',
        attrs.activation,
        'apply the activation to the output instead',
      );
    }
    return {
      ...factors(dy, a, b, attrs),
      bias: () => sumTo(dy, attrs.biasShape ?? dy.shape.slice(-1)),
    };
  }),
];
