import * as tf from '@tensorflow/tfjs';

type Saved<Names extends readonly string[]> = { [K in keyof Names]: tf.Tensor };

/** The gradient of each input by its name in the kernel; only those asked for are computed. */
type InputGradients = Record<string, () => tf.Tensor>;

/** `tf.engine().runKernel`. */
export type RunKernel = (
  kernelName: string,
  inputs: tf.NamedTensorMap,
  attrs?: tf.NamedAttrMap,
) => tf.Tensor | tf.Tensor[];

/** What a tape records in the place of a kernel, which `run` runs. */
export type Taped = (
  inputs: tf.NamedTensorMap,
  attrs: tf.NamedAttrMap,
  run: RunKernel,
) => tf.Tensor | tf.Tensor[];

/**
 * A gradient as `tf.registerGradient` takes it, of a kernel with one output.
 *
 * @param inputs names of the inputs that `gradient` needs; it gets them in this order
 */
export function gradientConfig<const Names extends readonly string[], Attrs = object>(
  kernelName: string,
  inputs: Names,
  gradient: (dy: tf.Tensor, saved: Saved<Names>, attrs: Attrs) => InputGradients,
): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: [...inputs],
    gradFunc: (dy, saved, attrs) =>
      gradient(dy as tf.Tensor, saved as Saved<Names>, attrs as unknown as Attrs),
  };
}

/** Runs a kernel of the current backend, recorded on the tape if there is one. */
export function runKernel<T = tf.Tensor>(
  kernelName: string,
  inputs: tf.NamedTensorMap,
  attrs: object = {},
): T {
  return tf.engine().runKernel(kernelName, inputs, attrs as tf.NamedAttrMap) as T;
}

/** Zeros of x's shape as a gradient must be: float32, whatever the type of x. */
export function noGradient(x: tf.Tensor): () => tf.Tensor {
  return () => tf.zeros(x.shape);
}

/** Sums dy over the dimensions along which a tensor of this shape was broadcast. */
export function sumTo(dy: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, dy.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(dy, axes) : dy, shape);
}
