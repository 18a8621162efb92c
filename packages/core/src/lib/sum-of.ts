import * as tf from '@tensorflow/tfjs';
import { ganloomError, usageError } from './errors';

/**
 * Σ tensors of one shape, in their order; of one tensor a copy. The caller disposes it.
 *
 * In the place of `tf.addN`, whose kernel of the stock webgpu backend binds a buffer for each tensor: for
 * eight or more the device drops it, and up to 15 commands around it, without an exception.
 *
 * @throws UsageError if there are no tensors; GanloomError if they differ in shape, where `tf.add` would
 *   broadcast.
 */
export function sumOf<T extends tf.Tensor>(tensors: readonly T[]): T {
  const [first, ...rest] = tensors;
  if (!first) throw usageError('sumOf', 'there must be a tensor', 'none');
  const { shape } = first;
  const other = rest.find((next) => !tf.util.arraysEqual(next.shape, shape));
  if (other) throw ganloomError('sumOf', `tensors must have one shape, [${shape}]`, other.shape);
  return tf.tidy(() => rest.reduce<T>((sum, next) => tf.add(sum, next), tf.clone(first)));
}
