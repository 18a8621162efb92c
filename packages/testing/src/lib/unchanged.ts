import * as tf from '@tensorflow/tfjs';

/** Runs `fn` with variables that have their values back afterwards, so that it can be run again. */
export function unchanged<T>(variables: readonly tf.Variable[], fn: () => T): T {
  const before = variables.map((variable) => [...variable.dataSync()]);
  try {
    return fn();
  } finally {
    tf.tidy(() =>
      variables.forEach((variable, i) =>
        variable.assign(tf.tensor(before[i]!, variable.shape, variable.dtype)),
      ),
    );
  }
}
