export { WasmBackendError } from './lib/errors';
export { probeWasm, type WasmProbe } from './lib/probe-wasm';
