import { useWasm } from '@ganloom/backend-wasm';
import type { BackendOptions } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';

const WASM = 'ganloom-wasm';

/** Values and gradients of losses are checked on the cpu and on the wasm backend. */
export const eachBackend: BackendOptions = {
  backends: [
    async () => {
      if (!tf.findBackend(WASM)) await useWasm({ threads: 1 });
      await tf.setBackend(WASM);
    },
    () => tf.setBackend('cpu'),
  ],
};
