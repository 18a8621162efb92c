import * as tf from '@tensorflow/tfjs';

/**
 * Each picture with its rows and its columns mixed by matrices of its own:
 * y[b, i, j] = Σₖₗ R[b, i, k]·C[b, j, l]·x[b, k, l].
 *
 * Linear, and so right to any order, where gathering would have a slow gradient.
 *
 * @param rows R, `[batch, height, height]`
 * @param columns C, `[batch, width, width]`
 */
export function alongAxes(images: tf.Tensor, rows: tf.Tensor3D, columns: tf.Tensor3D): tf.Tensor {
  const [batch, height, width, channels] = images.shape as [number, number, number, number];
  return tf.tidy(() => {
    const flat = tf.reshape(images, [batch, height, width * channels]);
    const mixed = tf.reshape(tf.matMul(rows, flat), images.shape);
    const turned = tf.reshape(swapped(mixed), [batch, width, height * channels]);
    const both = tf.matMul(columns, turned);
    return swapped(tf.reshape(both, [batch, width, height, channels]));
  });
}

/** Height and width change places. */
export function swapped(images: tf.Tensor): tf.Tensor {
  return tf.transpose(images, [0, 2, 1, 3]);
}
