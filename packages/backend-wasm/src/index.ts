import { registerWasmBackend } from './lib/register';

export { WasmBackendError } from './lib/errors';
export { configureWasm, registerWasmBackend, wasmInfo } from './lib/register';
export type { WasmOptions } from './lib/runtime';

registerWasmBackend();
