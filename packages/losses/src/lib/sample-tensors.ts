import { mapSample, type Sample } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/** The sample with `change` applied to each of its float32 tensors; the others stay as they are. */
export function mapFloats<S extends Sample>(
  sample: S,
  change: (tensor: tf.Tensor, name: string | undefined) => tf.Tensor,
): S {
  return mapSample(sample, (tensor, name) =>
    tensor.dtype === 'float32' ? change(tensor, name) : tensor,
  );
}
