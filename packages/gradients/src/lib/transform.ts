import * as tf from '@tensorflow/tfjs';
import { bilinearPixels, nearestPixels } from './sampling';
import { untaped } from './untaped';

export interface TransformAttrs {
  readonly interpolation: 'nearest' | 'bilinear';
  readonly fillMode: 'constant' | 'reflect' | 'wrap' | 'nearest';
  readonly fillValue: number;
  readonly outputShape?: [number, number] | null;
}

/** A position that is brought back into the picture, and which way it moves when the other does. */
interface Mapped {
  readonly at: tf.Tensor;
  readonly direction: tf.Tensor;
}

/** How often a size fits into a distance of at least 0. */
const times = (distance: tf.Tensor, size: number) => tf.floor(tf.div(distance, size));

/** [abcd] continues as [dcba|abcd|dcba]. */
function reflected(at: tf.Tensor, size: number): Mapped {
  const round = 2 * size;
  const before = tf.less(at, 0);
  const around = tf.sub(at, tf.mul(round, times(tf.abs(at), round)));
  const back = tf.add(at, tf.mul(round, times(tf.abs(at), round)));
  const left = tf.less(back, -size);
  const right = tf.greaterEqual(around, size);
  const mirrored = tf.where(
    before,
    tf.where(left, tf.add(back, round), tf.sub(tf.neg(back), 1)),
    tf.where(right, tf.sub(round - 1, around), around),
  );
  const turns = tf.where(before, tf.logicalNot(left), right);
  return { at: mirrored, direction: tf.sub(1, tf.mul(2, tf.cast(turns, 'float32'))) };
}

/** [abcd] continues as [abcd|abcd|abcd]. */
function wrapped(at: tf.Tensor, size: number): Mapped {
  const before = tf.mul(size, tf.add(times(tf.neg(at), size - 1), 1));
  const after = tf.mul(size, times(at, size - 1));
  const moved = tf.where(tf.less(at, 0), tf.add(at, before), tf.sub(at, after));
  return { at: moved, direction: tf.onesLike(at) };
}

function mapped(at: tf.Tensor, size: number, mode: TransformAttrs['fillMode']): Mapped {
  const last = size - 1;
  const clamp = ({ at: position, direction }: Mapped): Mapped => ({
    at: tf.clipByValue(position, 0, last),
    direction: tf.mul(direction, tf.cast(isWithin(position, last), 'float32')),
  });
  const same: Mapped = { at, direction: tf.onesLike(at) };
  if (mode === 'nearest' || (mode !== 'constant' && size === 1)) return clamp(same);
  if (mode === 'constant') return same;
  const map = mode === 'reflect' ? reflected : wrapped;
  const outside = map(at, size);
  const isInside = isWithin(at, last);
  return clamp({
    at: tf.where(isInside, at, outside.at),
    direction: tf.where(isInside, same.direction, outside.direction),
  });
}

const isWithin = (at: tf.Tensor, last: number) =>
  tf.logicalAnd(tf.greaterEqual(at, 0), tf.lessEqual(at, last));

/** The same with the gradient of `at` that it has between its jumps and turns. */
function brought(at: tf.Tensor, size: number, mode: TransformAttrs['fillMode']): tf.Tensor {
  const to = untaped(() => mapped(at, size, mode).at);
  const direction = untaped(() => mapped(at, size, mode).direction);
  // 0 in value.
  const moved = tf.sub(
    at,
    untaped(() => at),
  );
  return tf.add(to, tf.mul(direction, moved));
}

/**
 * Moves the pixels of pictures by projections `[batch or 1, 8]` as `tf.image.transform` does, in
 * operations that have gradients, also by the projections where it is bilinear.
 */
export function transform(
  image: tf.Tensor,
  transforms: tf.Tensor,
  { interpolation, fillMode, fillValue, outputShape }: TransformAttrs,
): tf.Tensor {
  const [batch, height, width] = image.shape as [number, number, number, number];
  const [rows, columns] = outputShape ?? [height, width];
  const row = tf.reshape(tf.range(0, rows), [1, rows, 1]);
  const column = tf.reshape(tf.range(0, columns), [1, 1, columns]);
  const parts = tf.split(transforms, 8, 1).map((part) => tf.reshape(part, [-1, 1, 1]));
  const plane = (i: number, constant: tf.Tensor | number) =>
    tf.add(tf.add(tf.mul(parts[i]!, column), tf.mul(parts[i + 1]!, row)), constant);
  const projection = plane(6, 1);
  // Infinitely far away.
  const lost = untaped(() => tf.equal(projection, 0));
  const divisor = tf.where(lost, tf.onesLike(projection), projection);
  const all = (at: tf.Tensor) => tf.broadcastTo(at, [batch, rows, columns]);
  const at = {
    picture: tf.reshape(tf.range(0, batch), [batch, 1, 1]),
    y: all(brought(tf.div(plane(3, parts[5]!), divisor), height, fillMode)),
    x: all(brought(tf.div(plane(0, parts[2]!), divisor), width, fillMode)),
  };
  const read = interpolation === 'bilinear' ? bilinearPixels : nearestPixels;
  const moved = read(image, at, tf.scalar(fillValue));
  return tf.where(tf.expandDims(lost, -1), tf.scalar(fillValue), moved);
}
