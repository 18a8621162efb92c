import * as tf from '@tensorflow/tfjs';
import { BACKEND_NAME } from '../src/lib/kernels/kernel';
import { useWasm, type WasmInfo } from '../src/lib/register';
import type { WasmOptions } from '../src/lib/runtime';

/** For tests: a fresh backend with these options. */
export function restartWasm(options: WasmOptions): Promise<WasmInfo> {
  if (tf.findBackendFactory(BACKEND_NAME) !== null) tf.removeBackend(BACKEND_NAME);
  return useWasm(options);
}
