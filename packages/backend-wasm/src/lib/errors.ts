const MARKER = Symbol.for('ganloom.backend-wasm.error');

/** An error of this backend; `isInstance` works across several installed copies of the package. */
export class WasmBackendError extends Error {
  override readonly name = 'WasmBackendError';
  readonly [MARKER] = true;

  static isInstance(value: unknown): value is WasmBackendError {
    return typeof value === 'object' && value !== null && MARKER in value;
  }
}

/** The WebAssembly memory cannot grow to what is asked for. */
export class OutOfMemoryError extends WasmBackendError {}

/** What an engine says of a refusal. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
