import * as tf from '@tensorflow/tfjs';
import { BACKEND_NAME } from './kernels/kernel';
import { useWasm, type WasmInfo } from './register';
import type { WasmOptions } from './runtime';

/** For tests: a fresh backend with these options. */
export function restartWasm(options: WasmOptions): Promise<WasmInfo> {
  if (tf.findBackendFactory(BACKEND_NAME) !== null) tf.removeBackend(BACKEND_NAME);
  return useWasm(options);
}
