import * as tf from '@tensorflow/tfjs';

type Result = tf.TensorContainer | void;

/**
 * Runs `fn`, disposes the tensors it returns (alone, or in arrays and objects), and asserts that
 * no other tensor is left: `tf.memory().numTensors` is what it was before.
 * With an asynchronous `fn`, await the returned promise.
 */
export function expectNoLeak(fn: () => Promise<Result>): Promise<void>;
export function expectNoLeak(fn: () => Result): void;
export function expectNoLeak(fn: () => Result | Promise<Result>): void | Promise<void> {
  const before = tf.memory().numTensors;
  const check = (result: Result) => {
    tf.dispose(result ?? []);
    const left = tf.memory().numTensors - before;
    if (left !== 0) {
      const what = left > 0 ? `left ${left} tensor(s) undisposed` : `disposed ${-left} too many`;
      throw new Error(`expectNoLeak: the function ${what}; it began with ${before}`);
    }
  };
  const result = fn();
  return result instanceof Promise ? result.then(check) : check(result);
}
