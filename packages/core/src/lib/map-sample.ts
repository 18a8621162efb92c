import * as tf from '@tensorflow/tfjs';
import type { Sample } from './contracts';

/** A sample, or a batch, with `change` applied to each of its tensors; a lone tensor has no name. */
export function mapSample<T extends Sample>(
  sample: T,
  change: (tensor: tf.Tensor, name: string | undefined) => tf.Tensor,
): T {
  if (sample instanceof tf.Tensor) return change(sample, undefined) as T & tf.Tensor;
  const members = Object.entries(sample as Readonly<Record<string, tf.Tensor>>);
  return Object.fromEntries(members.map(([name, tensor]) => [name, change(tensor, name)])) as T;
}
