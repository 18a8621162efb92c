import * as tf from '@tensorflow/tfjs';

export interface DilationAttrs {
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number;
  readonly dilations: number | [number, number];
}

/** What never is the largest; shaders know no infinity as a constant. */
const LOWEST = -(2 ** 127);

/**
 * The largest of x + filter in each window, as `tf.dilation2d` finds it: a tensor for each place of the
 * filter, and the maximum of them.
 */
export function dilation2d(x: tf.Tensor, filter: tf.Tensor, attrs: DilationAttrs): tf.Tensor {
  const [rows, columns, channels] = filter.shape as [number, number, number];
  const info = tf.backend_util.computeDilation2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number],
    attrs.strides,
    attrs.pad,
    'NHWC',
    attrs.dilations,
  );
  const { batchSize, outHeight, outWidth, strideHeight, strideWidth, padInfo } = info;
  const { top, bottom, left, right } = padInfo;
  const padded = tf.pad(
    x,
    [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
    LOWEST,
  );
  const taps = Array.from({ length: rows * columns }, (_, tap) => {
    const [i, j] = [Math.floor(tap / columns), tap % columns];
    const [row, column] = [i * info.dilationHeight, j * info.dilationWidth];
    const seen = tf.stridedSlice(
      padded,
      [0, row, column, 0],
      [
        batchSize,
        row + (outHeight - 1) * strideHeight + 1,
        column + (outWidth - 1) * strideWidth + 1,
        channels,
      ],
      [1, strideHeight, strideWidth, 1],
    );
    return tf.add(seen, tf.reshape(tf.slice(filter, [i, j, 0], [1, 1, channels]), [channels]));
  });
  return tf.max(tf.stack(taps), 0);
}
