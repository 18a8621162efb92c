import { reasonOf, WasmBackendError } from './errors';
import type { ModuleMemory } from './memory';
import { nodeModule } from './node-module';
import { PLAIN_SIMD, RELAXED_SIMD } from './wasm-binary';
import type { WasmExports } from './wasm-exports';

/** A module's bytes, and whether they use relaxed SIMD. */
export interface Binary {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly relaxedSimd: boolean;
}

/**
 * @param takesRelaxed whether the engine takes a module with relaxed SIMD
 * @throws {WasmBackendError} if the engine lacks WebAssembly, SIMD or atomics.
 */
export function chooseBinary(
  wantsRelaxed: boolean | undefined,
  takesRelaxed: (module: Uint8Array<ArrayBuffer>) => boolean = canRelax,
): Binary {
  if (typeof WebAssembly !== 'object') {
    throw new WasmBackendError('backend-wasm: this engine has no WebAssembly; use another backend');
  }
  const relaxed = decodeBase64(RELAXED_SIMD);
  const hasRelaxed = wantsRelaxed !== false && takesRelaxed(relaxed);
  if (wantsRelaxed === true && !hasRelaxed) {
    throw new WasmBackendError(
      'backend-wasm: relaxedSimd: true was asked for, but this engine has no relaxed SIMD; leave it out',
    );
  }
  const bytes = hasRelaxed ? relaxed : decodeBase64(PLAIN_SIMD);
  if (!hasRelaxed && !WebAssembly.validate(bytes)) {
    throw new WasmBackendError(
      'backend-wasm: this engine lacks WebAssembly SIMD or atomics (Node ≥ 20 and browsers since 2021 ' +
        'have them); update it or use another backend',
    );
  }
  return { bytes, relaxedSimd: hasRelaxed };
}

/**
 * Compiles a valid module and makes its instance over a memory.
 *
 * @throws {WasmBackendError} if a Content-Security-Policy forbids WebAssembly, or the engine has no room.
 */
export async function instantiateModule(
  { bytes }: Binary,
  { memory, unsharedNote }: ModuleMemory,
): Promise<{ module: WebAssembly.Module; wasm: WasmExports }> {
  const abort = () => {
    throw new WasmBackendError('backend-wasm: the module aborted');
  };
  try {
    const own = unsharedNote === undefined ? bytes : withUnsharedMemory(bytes);
    const { module, instance } = await WebAssembly.instantiate(own, { env: { memory, abort } });
    return { module, wasm: instance.exports as unknown as WasmExports };
  } catch (error) {
    const reason = reasonOf(error);
    // In a page, a valid module fails to compile only where a policy forbids it.
    const isForbidden =
      error instanceof WebAssembly.CompileError &&
      unsharedNote === undefined &&
      nodeModule('os') === undefined;
    throw new WasmBackendError(
      isForbidden
        ? forbidden(reason)
        : `backend-wasm: the WebAssembly module does not start: ${reason}` +
            `${unsharedNote === undefined ? '' : `; ${unsharedNote}`}; use another backend`,
      { cause: error },
    );
  }
}

const forbidden = (reason: string): string =>
  "backend-wasm: the page's Content-Security-Policy forbids WebAssembly; add 'wasm-unsafe-eval' to its " +
  `script-src (${reason})`;

/** @throws {WasmBackendError} if a page's Content-Security-Policy forbids WebAssembly. */
export async function requireAllowed(): Promise<void> {
  // WebKit compiles what it then forbids to instantiate.
  await WebAssembly.instantiate(EMPTY_MODULE).catch((error: unknown) => {
    throw new WasmBackendError(forbidden(reasonOf(error)), { cause: error });
  });
}

const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** Node 20 has relaxed SIMD behind a flag; later ones do not know it, and say so on the error output. */
const hasFlag = (): boolean => globalThis.process?.versions?.node?.startsWith('20.') === true;

/** Whether the engine would take a module with relaxed SIMD, if it were asked to. */
export const couldRelax = (module: Uint8Array<ArrayBuffer>): boolean =>
  WebAssembly.validate(module) || hasFlag();

/** Whether the engine takes a module with relaxed SIMD. */
function canRelax(module: Uint8Array<ArrayBuffer>): boolean {
  if (WebAssembly.validate(module)) return true;
  if (!hasFlag()) return false;
  // It may be set at any time before compiling.
  nodeModule('v8')?.setFlagsFromString('--experimental-wasm-relaxed-simd');
  return WebAssembly.validate(module);
}

/** The import of `env.memory` in the module's bytes; the flags of its limits follow. */
const MEMORY_IMPORT = '\x03env\x06memory\x02';
const SHARED_FLAG = 2;

/** The same module for a memory that is not shared. */
function withUnsharedMemory(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 4096)).indexOf(MEMORY_IMPORT);
  if (start < 0) throw new WasmBackendError('backend-wasm: the module imports no memory');
  const own = bytes.slice();
  own[start + MEMORY_IMPORT.length]! &= ~SHARED_FLAG;
  return own;
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
