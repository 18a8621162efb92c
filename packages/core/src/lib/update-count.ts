import * as tf from '@tensorflow/tfjs';

/** A count of updates that checkpoints hold, for what changes with them. Whoever made it disposes `variable`. */
export interface UpdateCount {
  /** int32 `[]`; a member of the `state` of a game, a loss or a term. */
  readonly variable: tf.Variable;
  /** Updates so far. */
  value(): number;
  increment(): void;
}

/**
 * A count that starts from 0. It is known without waiting for the device: that happens only after
 * somebody else has assigned the variable, as the restoring of a checkpoint does.
 */
export function updateCount(): UpdateCount {
  // By the memory that holds it, which is another one after each assignment.
  const known = new WeakMap<object, number>();
  const scalarOf = (count: number) => {
    const scalar = tf.scalar(count, 'int32');
    known.set(scalar.dataId, count);
    return scalar;
  };
  const variable = tf.tidy(() => tf.variable(scalarOf(0), false));
  const value = () => {
    const { dataId } = variable;
    const count = known.get(dataId) ?? variable.dataSync()[0]!;
    known.set(dataId, count);
    return count;
  };
  return {
    variable,
    value,
    increment: () => tf.tidy(() => variable.assign(scalarOf(value() + 1))),
  };
}
