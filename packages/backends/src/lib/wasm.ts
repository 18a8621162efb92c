import { GanloomError } from '@ganloom/core';
import { type BackendOptions, select, type StartBackend } from './backend';
import { importOptional } from './import-optional';

const NAME = 'ganloom-wasm';
const REMEDY = 'it needs WebAssembly with SIMD: Node 20.19, or a browser of 2023 or newer';

/** Our own backend, made for training: SIMD and threads on any machine, without an install step. */
export const startWasm: StartBackend = async (options) => {
  const { configureWasm, wasmInfo } = await importOptional(
    '@ganloom/backend-wasm',
    () => import('@ganloom/backend-wasm'),
    REMEDY,
  );
  const wanted = wasmOptions(options);
  const running = wasmInfo();
  if (!running) configureWasm(wanted);
  await select(NAME, REMEDY);
  const { threads, relaxedSimd } = wasmInfo()!;
  // The options of a running backend stay as they are.
  if (running && !agree(wanted, { threads, relaxedSimd })) {
    throw new GanloomError(
      `useBackend: the wasm backend runs already with ${JSON.stringify({ threads, relaxedSimd })}, ` +
        `got ${JSON.stringify(wanted)}; set the options at the first call`,
    );
  }
  const device = `WebAssembly, ${relaxedSimd ? 'relaxed SIMD' : 'SIMD'}`;
  return { tfjsName: NAME, device, threads };
};

interface WasmOptions {
  readonly threads?: number;
  readonly relaxedSimd?: boolean;
}

function wasmOptions({ threads, relaxedSimd }: BackendOptions): WasmOptions {
  return {
    ...(threads !== undefined && { threads }),
    ...(relaxedSimd !== undefined && { relaxedSimd }),
  };
}

function agree(wanted: WasmOptions, actual: Required<WasmOptions>): boolean {
  const { threads = actual.threads, relaxedSimd = actual.relaxedSimd } = wanted;
  return threads === actual.threads && relaxedSimd === actual.relaxedSimd;
}
