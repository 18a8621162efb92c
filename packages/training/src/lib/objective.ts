import { type Sample, type Term, type TermContext, valueAt } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import type { Meter } from './meter';

/** The adversarial loss of `player`, if there is one, plus those of its terms whose turn it is. */
export function objective<S extends Sample>(
  player: Term['player'],
  adversarial: tf.Scalar | undefined,
  terms: readonly Term<S>[],
  context: TermContext<S>,
  step: number,
  meter: Meter | undefined,
): tf.Scalar {
  if (meter && adversarial) meter.losses[player] = tf.keep(adversarial);
  let total = adversarial ?? tf.scalar(0);
  for (const { name, player: owner, weight, every = 1, value } of terms) {
    if (owner !== player || step % every !== 0) continue;
    const term = value({ ...context, random: context.random.fork(`term-${name}`) });
    if (meter) meter.losses[`${player}/${name}`] = tf.keep(term);
    total = tf.add(total, tf.mul(term, every * valueAt(weight, step - 1)));
  }
  return total;
}
