import type * as tf from '@tensorflow/tfjs';
import type { Game } from './contracts';

/** Scalars that people want to follow, by name. */
export type Statistics = NonNullable<Game['statistics']>;

/** The statistics of several, each under a name of its own; undefined if there are none. */
export function joinedStatistics(
  parts: readonly { readonly statistics?: Statistics }[],
): Statistics | undefined {
  const all: Record<string, tf.Scalar> = {};
  for (const [i, { statistics = {} }] of parts.entries()) {
    for (const [name, scalar] of Object.entries(statistics)) {
      all[name in all ? `${i}-${name}` : name] = scalar;
    }
  }
  return Object.keys(all).length > 0 ? all : undefined;
}
