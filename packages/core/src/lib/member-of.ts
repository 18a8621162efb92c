import * as tf from '@tensorflow/tfjs';
import type { Batch, Sample } from './contracts';
import { ganloomError } from './errors';

/**
 * One tensor of a sample or a batch: the sample itself if it is a tensor, else the member called
 * `name`.
 *
 * @throws GanloomError that lists what there is, if there is no such member.
 */
export function memberOf<T extends tf.Tensor = tf.Tensor>(
  where: string,
  from: Sample | Batch,
  name: string,
): T {
  if (from instanceof tf.Tensor) return from as T;
  const member = (from as Readonly<Record<string, tf.Tensor | undefined>>)[name];
  if (member === undefined) {
    const expected = `there must be a tensor "${name}"`;
    throw ganloomError(where, expected, Object.keys(from), 'name another, or let it be there');
  }
  return member as T;
}
