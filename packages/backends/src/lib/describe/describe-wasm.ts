import { type BackendDescription, notAvailable } from './backend-description';

/** WebAssembly, of this engine and page. */
export async function describeWasm(): Promise<BackendDescription> {
  const { probeWasm, WasmBackendError } = await import('@ganloom/backend-wasm/probe');
  const found = await probeWasm().catch((error: unknown) => {
    if (WasmBackendError.isInstance(error)) return error;
    throw error;
  });
  if (found instanceof Error) {
    const [, missing, remedy] = /^backend-wasm: (.*?); (.*)$/s.exec(found.message)!;
    return notAvailable({ missing: missing!, remedy: remedy! });
  }
  const { threads, threadsNote, relaxedSimd: relaxed } = found;
  return {
    isAvailable: true,
    device: `WebAssembly, ${relaxed ? 'relaxed SIMD' : 'SIMD'}`,
    simd: { bits: 128, relaxed },
    threads,
    trains: true,
    ...(threadsNote !== undefined && { note: `one thread, as ${threadsNote}` }),
  };
}
