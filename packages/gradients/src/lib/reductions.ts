import { hasKernel, runKernel } from '@ganloom/kernels';
import * as tf from '@tensorflow/tfjs';
import { gradientConfig } from './gradient-config';

interface ReduceAttrs {
  /** Of Max, and of Min. */
  readonly reductionIndices?: number | number[];
  readonly axis?: number | number[];
}

/** dy in equal parts to the elements that attain the extremum; to each in full is too much. */
function extremum(kernelName: string): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ['x'],
    // A saved output loses its gradient, but this one is only compared.
    outputsToSave: [true],
    gradFunc: (upstream, saved, attrs) => {
      const dy = upstream as tf.Tensor;
      const [x, y] = saved as [tf.Tensor, tf.Tensor];
      const { reductionIndices, axis } = attrs as ReduceAttrs;
      return {
        x: () => {
          const axes = tf.util.parseAxisParam((reductionIndices ?? axis)!, x.shape);
          // The fused kernel cannot be differentiated, which an outer tape would do.
          if (!tf.engine().isTapeOn() && hasKernel('ExtremumGrad')) {
            return runKernel('ExtremumGrad', { x, y, dy }, { axes });
          }
          const kept = x.shape.map((size, d) => (axes.includes(d) ? 1 : size));
          const equal = tf.cast(tf.equal(x, tf.reshape(y, kept)), 'float32');
          // On webgpu a cast bool tensor keeps its integers, which no sum over inner dimensions reads.
          const chosen = tf.mul(equal, 1);
          const share = tf.div(chosen, tf.sum(chosen, axes, true));
          return tf.mul(tf.reshape(dy, kept), share);
        },
      };
    },
  };
}

interface CumsumAttrs {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/** Gradients of operations that reduce or scan along dimensions. */
export const reductionGradients = (): readonly tf.GradConfig[] => [
  extremum('Max'),
  extremum('Min'),
  gradientConfig('Cumsum', [], (dy, _, { axis, exclusive, reverse }: CumsumAttrs) => ({
    x: () => tf.cumsum(dy, axis, exclusive, !reverse),
  })),
  {
    kernelName: 'TopK',
    inputsToSave: ['x'],
    // The indices; that they are saved outputs does no harm, as they have no gradient.
    outputsToSave: [false, true],
    gradFunc: (dys, saved) => {
      const dy = (dys as tf.Tensor[])[0]!;
      const [x, indices] = saved as [tf.Tensor, tf.Tensor];
      const [size, k] = [x.shape.at(-1)!, indices.shape.at(-1)!];
      return {
        x: () => {
          // tf.oneHot knows no single class.
          if (size === 1) return tf.reshape(dy, x.shape);
          const places = tf.oneHot(tf.reshape(indices, [-1]) as tf.Tensor1D, size);
          const rows = tf.reshape(places, [-1, k, size]) as tf.Tensor3D;
          const picked = tf.reshape(dy, [-1, 1, k]) as tf.Tensor3D;
          return tf.reshape(tf.matMul(picked, tf.cast(rows, 'float32')), x.shape);
        },
      };
    },
  },
];
