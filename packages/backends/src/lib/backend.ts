import { GanloomError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/** How a backend is started. */
export interface BackendOptions {
  /** Threads of the wasm backend; default: all cores. */
  readonly threads?: number;
  /** Whether the wasm backend uses relaxed SIMD; default: if the engine has it. */
  readonly relaxedSimd?: boolean;
  /** Is told what to mind, such as that the cpu backend is slow; default: `console.warn`. */
  readonly onWarning?: (message: string) => void;
}

/** What a started backend runs on. */
export interface BackendStart {
  /** The name under which TensorFlow.js knows it. */
  readonly tfjsName: string;
  /** In words. */
  readonly device: string;
  readonly threads?: number;
  /** Why there are fewer threads than were asked for or than the machine has, if so. */
  readonly threadsNote?: string;
  /** Versions of what it is made of, beside TensorFlow.js. */
  readonly versions?: Readonly<Record<string, string>>;
}

/** Loads and selects one backend. */
export type StartBackend = (options: BackendOptions) => Promise<BackendStart>;

/**
 * `tf.setBackend`, but with the reason when it fails: tfjs answers `false` and prints the rest.
 *
 * @throws GanloomError
 */
export async function select(tfjsName: string, remedy: string): Promise<void> {
  const before = tf.engine().backendName;
  let failure: unknown;
  try {
    if (await tf.setBackend(tfjsName)) return;
    // The factory fails once more, this time to us.
    await tf.findBackendFactory(tfjsName)?.();
  } catch (error) {
    failure = error;
  }
  // tfjs calls the failed one selected.
  if (before) await tf.setBackend(before);
  // It says where, why and what to do.
  if (GanloomError.isInstance(failure)) throw failure;
  const reason = failure === undefined ? 'TensorFlow.js could not select it' : reasonOf(failure);
  throw new GanloomError(
    `useBackend: the backend "${tfjsName}" does not start: ${reason}; ${remedy}`,
  );
}

/** What was thrown, in words. */
export const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
