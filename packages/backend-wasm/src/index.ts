import { registerWasmBackend } from './lib/register';

export { WasmBackendError } from './lib/errors';
export { type KernelTime, profileKernels } from './lib/kernel-profile';
export {
  javascriptKernelNames,
  registerWasmBackend,
  useWasm,
  type WasmInfo,
  wasmInfo,
  wasmKernelNames,
} from './lib/register';
export type { WasmOptions } from './lib/runtime';

registerWasmBackend();
