import * as tf from '@tensorflow/tfjs';

export interface ProdAttrs {
  readonly axis: number | number[];
  readonly keepDims: boolean;
}

export interface CumprodAttrs {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

const part = (x: tf.Tensor, axis: number, begin: number, size: number) =>
  tf.slice(
    x,
    x.shape.map((_, d) => (d === axis ? begin : 0)),
    x.shape.map((n, d) => (d === axis ? size : n)),
  );

/** With ones before and after along a dimension. */
const amongOnes = (x: tf.Tensor, axis: number, before: number, after: number) =>
  tf.pad(
    x,
    x.shape.map((_, d): [number, number] => (d === axis ? [before, after] : [0, 0])),
    1,
  );

/**
 * Products along dimensions as `tf.prod` has them, by multiplying one half with the other until one is
 * left: products of two have right gradients to any order, also where factors are 0.
 */
export function prod(x: tf.Tensor, { axis, keepDims }: ProdAttrs): tf.Tensor {
  const axes = tf.util.parseAxisParam(axis, x.shape);
  const others = x.shape.map((_, d) => d).filter((d) => !axes.includes(d));
  const outer = others.map((d) => x.shape[d]!);
  const shape = keepDims ? x.shape.map((n, d) => (axes.includes(d) ? 1 : n)) : outer;
  let rest = tf.util.sizeFromShape(axes.map((d) => x.shape[d]!));
  // 1, of x all the same.
  if (rest === 0) return tf.add(1, tf.sum(x, axes, keepDims));
  const rows = tf.util.sizeFromShape(outer);
  let product = tf.reshape(tf.transpose(x, [...others, ...axes]), [rows, rest]);
  while (rest > 1) {
    const half = Math.ceil(rest / 2);
    const second = amongOnes(part(product, 1, half, rest - half), 1, 0, 2 * half - rest);
    product = tf.mul(part(product, 1, 0, half), second);
    rest = half;
  }
  return tf.reshape(product, shape);
}

/**
 * Running products as `tf.cumprod` has them: each with that of 1 place before, then of 2, of 4 and so on
 * (Hillis and Steele 1986).
 */
export function cumprod(x: tf.Tensor, { axis, exclusive, reverse }: CumprodAttrs): tf.Tensor {
  const size = x.shape[axis]!;
  /** By some places towards the end of the running product. */
  const moved = (y: tf.Tensor, by: number) =>
    reverse
      ? amongOnes(part(y, axis, by, size - by), axis, 0, by)
      : amongOnes(part(y, axis, 0, size - by), axis, by, 0);
  let product = exclusive && size > 0 ? moved(x, 1) : x;
  for (let by = 1; by < size; by *= 2) product = tf.mul(product, moved(product, by));
  // A new tensor in any case, as from a kernel.
  return product === x ? tf.clone(x) : product;
}
