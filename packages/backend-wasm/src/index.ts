import { registerWasmBackend } from './lib/register';

export { WasmBackendError } from './lib/errors';
export { registerWasmBackend, useWasm, type WasmInfo, wasmInfo } from './lib/register';
export type { WasmOptions } from './lib/runtime';

registerWasmBackend();
