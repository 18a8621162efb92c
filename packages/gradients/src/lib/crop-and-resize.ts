import * as tf from '@tensorflow/tfjs';
import { bilinearPixels, nearestPixels } from './sampling';
import { untaped } from './untaped';

export interface CropAndResizeAttrs {
  readonly cropSize: [number, number];
  readonly method: 'bilinear' | 'nearest';
  readonly extrapolationValue: number;
}

/** From one end of each box to the other, in pixels `[boxes, count]`; the middle if it is one. */
function steps(from: tf.Tensor, to: tf.Tensor, count: number, size: number): tf.Tensor {
  if (count === 1) return tf.mul(tf.add(from, to), (size - 1) / 2);
  const share = tf.reshape(tf.linspace(0, 1, count), [1, count]);
  // Mixed, not stepped: the ends are exact, and do not fall out of the picture.
  const mixed = tf.add(tf.mul(from, tf.sub(1, share)), tf.mul(to, share));
  return tf.mul(mixed, size - 1);
}

/**
 * Cuts boxes `[boxes, 4]` out of pictures `[batch, height, width, channels]` as `tf.image.cropAndResize`
 * does, in operations that have gradients, also by the boxes where they are cut bilinearly.
 */
export function cropAndResize(
  image: tf.Tensor,
  boxes: tf.Tensor,
  boxInd: tf.Tensor,
  { cropSize: [rows, columns], method, extrapolationValue }: CropAndResizeAttrs,
): tf.Tensor {
  const [batch, height, width] = image.shape as [number, number, number, number];
  const [y1, x1, y2, x2] = tf.split(boxes, 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const count = boxes.shape[0]!;
  const at = {
    picture: tf.reshape(boxInd, [count, 1, 1]),
    y: tf.reshape(steps(y1, y2, rows, height), [count, rows, 1]),
    x: tf.reshape(steps(x1, x2, columns, width), [count, 1, columns]),
  };
  const read = method === 'bilinear' ? bilinearPixels : nearestPixels;
  const cut = read(image, at, tf.scalar(extrapolationValue));
  const whole = untaped(() => {
    const within = (position: tf.Tensor, size: number) =>
      tf.logicalAnd(tf.greaterEqual(position, 0), tf.lessEqual(position, size - 1));
    return tf.expandDims(tf.logicalAnd(within(at.y, height), within(at.x, width)), -1);
  });
  // A box of no picture is 0 and not extrapolated.
  const there = untaped(() => tf.expandDims(tf.less(at.picture, batch), -1));
  return tf.where(
    there,
    tf.where(whole, cut, tf.scalar(extrapolationValue)),
    tf.zeros([1, 1, 1, 1]),
  );
}
