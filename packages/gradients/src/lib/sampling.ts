import * as tf from '@tensorflow/tfjs';
import { untaped } from './untaped';

/** Where pictures are read; all of `[batch, height, width]` or of ones where they do not differ. */
export interface Positions {
  /** The picture of the batch. */
  readonly picture: tf.Tensor;
  /** In pixels, from the top and from the left. */
  readonly y: tf.Tensor;
  readonly x: tf.Tensor;
}

type Shape4 = [number, number, number, number];

/** Of the pictures at whole positions; 1 for those inside, and what is there or at the nearest place. */
function pixels(image: tf.Tensor, picture: tf.Tensor, row: tf.Tensor, column: tf.Tensor) {
  const [batch, height, width, channels] = image.shape as Shape4;
  const index = untaped(() => {
    const within = (at: tf.Tensor, size: number) =>
      tf.cast(tf.clipByValue(tf.cast(at, 'float32'), 0, size - 1), 'int32');
    const first = tf.mul(within(picture, batch), tf.scalar(height, 'int32'));
    const rows = tf.mul(tf.add(first, within(row, height)), tf.scalar(width, 'int32'));
    return tf.add(rows, within(column, width));
  });
  const flat = tf.reshape(image, [batch * height * width, channels]);
  const picked = tf.gather(flat, tf.reshape(index, [-1]) as tf.Tensor1D);
  return tf.reshape(picked, [...index.shape, channels]);
}

const isWithin = (at: tf.Tensor, size: number) =>
  tf.logicalAnd(tf.greaterEqual(at, 0), tf.lessEqual(at, size - 1));

/** Whether whole positions are inside of the picture, `[batch, height, width, 1]`. */
function inside(image: tf.Tensor, row: tf.Tensor, column: tf.Tensor): tf.Tensor {
  return untaped(() => {
    const [, height, width] = image.shape as Shape4;
    return tf.expandDims(tf.logicalAnd(isWithin(row, height), isWithin(column, width)), -1);
  });
}

/** The pixel that is nearest to each position, halves being rounded up, `outside` where there is none. */
export function nearestPixels(image: tf.Tensor, at: Positions, outside: tf.Tensor): tf.Tensor {
  const [row, column] = [at.y, at.x].map((position) =>
    untaped(() => tf.floor(tf.add(position, 0.5))),
  ) as [tf.Tensor, tf.Tensor];
  const there = pixels(image, at.picture, row, column);
  return tf.where(inside(image, row, column), there, outside);
}

/**
 * Between the four pixels around each position, of which those outside of the picture are `outside`.
 * Positions may be differentiated as well.
 */
export function bilinearPixels(image: tf.Tensor, at: Positions, outside: tf.Tensor): tf.Tensor {
  const [top, left] = [at.y, at.x].map((position) => untaped(() => tf.floor(position))) as [
    tf.Tensor,
    tf.Tensor,
  ];
  const down = tf.expandDims(tf.sub(at.y, top), -1);
  const across = tf.expandDims(tf.sub(at.x, left), -1);
  const corner = (below: number, right: number) => {
    const [row, column] = [untaped(() => tf.add(top, below)), untaped(() => tf.add(left, right))];
    return tf.where(inside(image, row, column), pixels(image, at.picture, row, column), outside);
  };
  const mix = (a: tf.Tensor, b: tf.Tensor, share: tf.Tensor) =>
    tf.add(tf.mul(a, tf.sub(1, share)), tf.mul(b, share));
  const rows = [0, 1].map((below) => mix(corner(below, 0), corner(below, 1), across));
  return mix(rows[0]!, rows[1]!, down);
}
