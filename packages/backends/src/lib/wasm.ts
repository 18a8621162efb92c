import { GanloomError } from '@ganloom/core';
import type { StartBackend } from './backend';
import { importOptional } from './import-optional';

const REMEDY = 'it needs WebAssembly with SIMD: Node 20.19, or a browser of 2023 or newer';

/** Our own backend, made for training: SIMD and threads on any machine, without an install step. */
export const startWasm: StartBackend = async ({
  threads,
  relaxedSimd,
  onWarning = console.warn,
}) => {
  const { useWasm, WasmBackendError } = await importOptional(
    '@ganloom/backend-wasm',
    () => import('@ganloom/backend-wasm'),
    REMEDY,
  );
  const info = await useWasm({
    ...(threads !== undefined && { threads }),
    ...(relaxedSimd !== undefined && { relaxedSimd }),
  }).catch((error: unknown) => {
    // It says where, why and what to do; callers know errors by our class.
    throw WasmBackendError.isInstance(error)
      ? new GanloomError(error.message, { cause: error })
      : error;
  });
  const device = `WebAssembly, ${info.relaxedSimd ? 'relaxed SIMD' : 'SIMD'}`;
  const { threadsNote } = info;
  if (threadsNote !== undefined) {
    onWarning(
      `the wasm backend has ${info.threads} thread(s), fewer than it could: ${threadsNote}`,
    );
  }
  return {
    tfjsName: 'ganloom-wasm',
    device,
    threads: info.threads,
    ...(threadsNote !== undefined && { threadsNote }),
  };
};
