import * as tf from '@tensorflow/tfjs';
import { gradientConfig } from './gradient-config';

interface MirrorPadAttrs {
  readonly paddings: [number, number][];
  readonly mode: 'reflect' | 'symmetric';
}

function sliceAxis(x: tf.Tensor, axis: number, begin: number, size: number): tf.Tensor {
  const from = x.shape.map((_, d) => (d === axis ? begin : 0));
  return tf.slice(
    x,
    from,
    x.shape.map((n, d) => (d === axis ? size : n)),
  );
}

/** Folds both borders of one dimension back onto the elements that they are copies of. */
function fold(dy: tf.Tensor, axis: number, before: number, after: number, edge: number): tf.Tensor {
  const size = dy.shape[axis]! - before - after;
  const add = (sum: tf.Tensor, begin: number, count: number, place: number) => {
    if (count === 0) return sum;
    const mirrored = tf.reverse(sliceAxis(dy, axis, begin, count), axis);
    const around = dy.shape.map((_, d): [number, number] =>
      d === axis ? [place, size - place - count] : [0, 0],
    );
    return tf.add(sum, tf.pad(mirrored, around));
  };
  const inner = sliceAxis(dy, axis, before, size);
  const left = add(inner, 0, before, edge);
  return add(left, before + size, after, size - edge - after);
}

/** The stock gradient of mirrored padding drops what reaches the borders. */
export const padGradients = (): readonly tf.GradConfig[] => [
  gradientConfig('MirrorPad', [], (dy, _, { paddings, mode }: MirrorPadAttrs) => ({
    // A reflection leaves the outermost element out, a symmetric border repeats it.
    x: () =>
      paddings.reduce(
        (d, [before, after], axis) => fold(d, axis, before, after, mode === 'reflect' ? 1 : 0),
        dy,
      ),
  })),
];
