import { useWasm } from '@ganloom/backend-wasm';
import * as tf from '@tensorflow/tfjs';

const WASM = 'ganloom-wasm';

/** Checks something on the cpu and on the wasm backend, and leaves the cpu one. */
export async function onEachBackend(check: (backend: string) => void): Promise<void> {
  if (!tf.findBackend(WASM)) await useWasm({ threads: 1 });
  for (const backend of [WASM, 'cpu']) {
    await tf.setBackend(backend);
    check(backend);
  }
}
