import * as tf from '@tensorflow/tfjs';

/** Selects a backend, as `() => tf.setBackend('cpu')` does. */
export type SelectBackend = () => unknown;

/** Where a suite runs. */
export interface BackendOptions {
  /** Default: the current backend alone. */
  readonly backends?: readonly SelectBackend[];
}

/** Checks something on each backend, by its name, and goes back to the one that was current before. */
export async function onEachBackend(
  { backends = [() => {}] }: BackendOptions,
  check: (backend: string) => void | Promise<void>,
): Promise<void> {
  await tf.ready();
  const before = tf.getBackend();
  try {
    for (const select of backends) {
      await select();
      await check(tf.getBackend());
    }
  } finally {
    await tf.setBackend(before);
  }
}
