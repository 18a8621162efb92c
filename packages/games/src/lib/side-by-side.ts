import * as tf from '@tensorflow/tfjs';

/**
 * Pictures next to each other in the width, for `show`: all get the height, width and channels of the
 * largest, pixels being repeated and gray becoming color.
 *
 * @param pictures of as many examples each, `[batch, height, width, channels]`
 * @returns `[batch, height, n · width, channels]`, for the caller to dispose
 */
export function sideBySide(pictures: readonly tf.Tensor4D[]): tf.Tensor4D {
  const largest = (axis: 1 | 2 | 3) => Math.max(...pictures.map(({ shape }) => shape[axis]));
  const [height, width, channels] = [largest(1), largest(2), largest(3)];
  return tf.tidy(() => {
    const alike = pictures.map((one) => {
      const [, h, w, c] = one.shape;
      const isLarge = h === height && w === width;
      const large = isLarge ? one : tf.image.resizeNearestNeighbor(one, [height, width]);
      return c === 1 && channels > 1 ? tf.tile(large, [1, 1, 1, channels]) : large;
    });
    return tf.concat(alike, 2);
  });
}
