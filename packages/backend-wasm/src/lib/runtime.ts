import { Allocator } from './allocator';
import { WasmBackendError } from './errors';
import { chooseBinary, instantiateModule } from './instantiate-module';
import { createMemory, growMemory } from './memory';
import { nodeModule } from './node-module';
import { alone, startThreads } from './start-threads';
import type { WasmExports } from './wasm-exports';

/** How the backend is to be started; each setting has a detected default. */
export interface WasmOptions {
  /** Threads including the calling one. Default: the machine's, at most 16. */
  readonly threads?: number;
  /** Fused multiply–add (relaxed SIMD). Default: where the engine has it. Changes the last bits. */
  readonly relaxedSimd?: boolean;
}

/** First address that the module itself does not use: see assembly/layout.ts. */
const HEAP_START = 262144;
const MAX_THREADS = 16;

/** A started module: its functions, its memory, an allocator over it and its threads. */
export interface Runtime {
  readonly wasm: WasmExports;
  readonly memory: WebAssembly.Memory;
  /** What the engine lets the memory grow to. */
  readonly limitBytes: number;
  readonly allocator: Allocator;
  readonly relaxedSimd: boolean;
  /** Those that work now: after a worker's death the calling thread goes on alone. */
  readonly threads: number;
  /** Why there are fewer threads than there could be. */
  readonly threadsNote: string | undefined;
  /** Goes on with the calling thread alone: after a worker died, or a kernel stopped half-way. */
  useOneThread(reason: string): void;
  stop(): void;
}

/** @throws {WasmBackendError} if the engine or the page lacks or forbids what is needed. */
export async function startRuntime(options: WasmOptions): Promise<Runtime> {
  const binary = chooseBinary(options.relaxedSimd);
  const moduleMemory = createMemory();
  const { memory, limitBytes, unsharedNote } = moduleMemory;
  const { module, wasm } = await instantiateModule(binary, moduleMemory);
  const allocator = new Allocator(HEAP_START, memory.buffer.byteLength, (bytes) =>
    growMemory(moduleMemory, bytes),
  );
  wasm.setScratch(allocator.allocate(wasm.scratchBytes()));
  wasm.setMayWait(mayWait());
  let stopped: string | undefined;
  const useOneThread = (reason: string) => {
    wasm.stopWorkers();
    // What follows of it is no other reason.
    stopped ??= reason;
  };
  const threads = options.threads ?? availableThreads();
  const pool =
    threads === 1 || unsharedNote !== undefined
      ? alone(threads === 1 ? undefined : unsharedNote)
      : await startThreads(threads, { module, memory, wasm, allocator, useOneThread });
  return {
    wasm,
    memory,
    limitBytes,
    allocator,
    relaxedSimd: binary.relaxedSimd,
    get threads() {
      return 1 + wasm.readyWorkers();
    },
    get threadsNote() {
      return [pool.note, stopped].filter(Boolean).join('; ') || undefined;
    },
    useOneThread,
    stop() {
      wasm.stopWorkers();
      pool.terminate();
    },
  };
}

/** @throws {WasmBackendError} if a setting makes no sense. */
export function checkOptions({ threads }: WasmOptions): void {
  if (threads === undefined) return;
  if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS) {
    throw new WasmBackendError(
      `backend-wasm: threads must be an integer from 1 to ${MAX_THREADS}, got ${threads}`,
    );
  }
}

/** A page's main thread may not sleep; worker threads and Node's main thread may. */
function mayWait(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}

/** The default number of threads. */
export function availableThreads(): number {
  const os = nodeModule('os');
  const here = os?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
  return Math.min(here, MAX_THREADS);
}
