import { ganloomError, mapSample, type Sample } from '@ganloom/core';
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

/**
 * One tensor of a sample: the sample itself if it is a tensor, else the member called `name`.
 *
 * @throws if the sample has no such member.
 */
export function memberOf(where: string, sample: Sample, name: string): tf.Tensor {
  if (sample instanceof tf.Tensor) return sample;
  const member = sample[name];
  if (member === undefined) {
    const remedy = 'say which member to take, or add it in the game';
    throw ganloomError(
      where,
      `the sample must have a member "${name}"`,
      Object.keys(sample),
      remedy,
    );
  }
  return member;
}
