import { PLAIN_SIMD, RELAXED_SIMD } from './wasm-binary';
import { Allocator } from './allocator';
import { OutOfMemoryError, WasmBackendError } from './errors';
import { THREAD_SOURCE } from './thread-source';
import type { WasmExports } from './wasm-exports';

/** How the backend is to be started; each setting has a detected default. */
export interface WasmOptions {
  /** Threads including the calling one. Default: the machine's, at most 16. */
  readonly threads?: number;
  /** Fused multiply–add (relaxed SIMD). Default: where the engine has it. Changes the last bits. */
  readonly relaxedSimd?: boolean;
}

const PAGE = 65536;
const MAX_PAGES = 65536;
const INITIAL_PAGES = 512;
const GROW_PAGES = 1024;
/** First address that the module itself does not use: see assembly/layout.ts. */
const HEAP_START = 262144;
const MAX_THREADS = 16;
/** How long to wait for worker threads before going on with those that are there. */
const THREAD_START_MS = 10_000;

/** A started module: its functions, its memory, an allocator over it and its threads. */
export interface Runtime {
  readonly wasm: WasmExports;
  readonly memory: WebAssembly.Memory;
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

/** @throws {WasmBackendError} if the engine lacks SIMD, atomics or memory. */
export async function startRuntime(options: WasmOptions): Promise<Runtime> {
  const { module, relaxedSimd } = await compileModule(options.relaxedSimd);
  const memory = createMemory();
  const instance = await WebAssembly.instantiate(module, {
    env: {
      memory,
      abort: () => {
        throw new WasmBackendError('backend-wasm: the module aborted');
      },
    },
  });
  const wasm = instance.exports as unknown as WasmExports;
  const allocator = new Allocator(HEAP_START, memory.buffer.byteLength, (bytes) =>
    grow(memory, bytes),
  );
  wasm.setScratch(allocator.allocate(wasm.scratchBytes()));
  wasm.setMayWait(mayWait());
  let threadsNote: string | undefined;
  const useOneThread = (reason: string) => {
    wasm.stopWorkers();
    threadsNote ??= reason;
  };
  const pool = await startThreads(options.threads ?? availableThreads(), {
    module,
    memory,
    wasm,
    allocator,
    useOneThread,
  });
  threadsNote ??= pool.note;
  return {
    wasm,
    memory,
    allocator,
    relaxedSimd,
    get threads() {
      return 1 + wasm.readyWorkers();
    },
    get threadsNote() {
      return threadsNote;
    },
    useOneThread,
    stop() {
      wasm.stopWorkers();
      pool.terminate();
    },
  };
}

/** Makes the memory at least `bytes` larger and returns its new size. */
function grow(memory: WebAssembly.Memory, bytes: number): number {
  const needed = Math.ceil(bytes / PAGE);
  // Ahead of need, so that growing is rare; just what is needed near the limit.
  for (const pages of [Math.max(needed, GROW_PAGES), needed]) {
    try {
      memory.grow(pages);
      return memory.buffer.byteLength;
    } catch {
      continue;
    }
  }
  throw new OutOfMemoryError(
    `backend-wasm: out of memory: ${megabytes(bytes)} more are needed beyond the ` +
      `${megabytes(memory.buffer.byteLength)} there are; dispose tensors (tf.tidy), or use a smaller batch`,
  );
}

/** Whether the engine takes a module with relaxed SIMD. */
function canRelax(module: Uint8Array<ArrayBuffer>): boolean {
  if (WebAssembly.validate(module)) return true;
  // Node 20 has it behind a flag that may be set at any time before compiling; later ones do not know it,
  // and say so on the error output.
  if (!globalThis.process?.versions?.node?.startsWith('20.')) return false;
  nodeModule('v8')?.setFlagsFromString('--experimental-wasm-relaxed-simd');
  return WebAssembly.validate(module);
}

async function compileModule(
  wanted: boolean | undefined,
): Promise<{ module: WebAssembly.Module; relaxedSimd: boolean }> {
  if (typeof WebAssembly !== 'object') {
    throw new WasmBackendError('backend-wasm: this engine has no WebAssembly; use another backend');
  }
  const relaxed = decodeBase64(RELAXED_SIMD);
  const hasRelaxed = wanted !== false && canRelax(relaxed);
  if (wanted === true && !hasRelaxed) {
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
  return { module: await WebAssembly.compile(bytes), relaxedSimd: hasRelaxed };
}

/**
 * Shared memory even for one thread: one module then serves both, and engines make such memory also
 * where a page may not pass it to workers.
 */
function createMemory(): WebAssembly.Memory {
  let cause: unknown;
  for (const maximum of [MAX_PAGES, MAX_PAGES / 2, MAX_PAGES / 4]) {
    try {
      return new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum, shared: true });
    } catch (error) {
      cause = error;
    }
  }
  throw new WasmBackendError(
    'backend-wasm: the engine refuses to reserve 1 GiB of addresses for WebAssembly memory; raise the ' +
      "process's address limit (ulimit -v)",
    { cause },
  );
}

interface Shared {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly wasm: WasmExports;
  readonly allocator: Allocator;
  useOneThread(reason: string): void;
}

interface Pool {
  /** Why there are fewer threads than wanted. */
  readonly note?: string;
  terminate(): void;
}

async function startThreads(threads: number, shared: Shared): Promise<Pool> {
  const { module, memory, wasm, allocator } = shared;
  const workers: { terminate(): unknown }[] = [];
  let failure: string | undefined;
  let started = false;
  let stopped = false;
  const fail = (message: string) => {
    if (stopped) return;
    failure ??= message;
    // Messages arrive between kernels: no job waits for the thread that is gone.
    if (started) shared.useOneThread(`a worker thread died: ${failure}`);
    else wasm.workerFailed();
  };
  const spawn = spawner(fail);
  const terminate = () => {
    stopped = true;
    for (const worker of workers) void worker.terminate();
  };
  if (typeof spawn === 'string') {
    return { ...(threads > 1 && { note: spawn }), terminate };
  }
  for (let i = 1; i < threads; i++) {
    workers.push(spawn({ module, memory, scratch: allocator.allocate(wasm.scratchBytes()) }));
  }
  const deadline = Date.now() + THREAD_START_MS;
  while (wasm.readyWorkers() < workers.length && failure === undefined && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  if (failure !== undefined) {
    terminate();
    throw new WasmBackendError(
      `backend-wasm: a worker thread failed to start: ${failure}; set threads: 1 to do without`,
    );
  }
  started = true;
  const late = workers.length - wasm.readyWorkers();
  if (late === 0) return { terminate };
  return {
    note: `${late} worker thread(s) did not start in ${THREAD_START_MS / 1000} s`,
    terminate,
  };
}

type Spawn = (data: object) => { terminate(): unknown };

/** How threads are started here, or why there are none. */
function spawner(fail: (message: string) => void): Spawn | string {
  const node = nodeModule('worker_threads');
  if (node !== undefined) {
    return (data) => {
      const worker = new node.Worker(THREAD_SOURCE, { eval: true, workerData: data });
      worker.on('message', fail);
      worker.on('error', (error: Error) => fail(error.message));
      worker.on('exit', (code) => fail(`it ended with exit code ${code}`));
      // A finished program must be able to exit while its threads sleep.
      worker.unref();
      return worker;
    };
  }
  const isolated = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === true;
  if (!isolated) {
    return (
      'the page is not cross-origin isolated; serve it with the headers Cross-Origin-Opener-Policy: ' +
      'same-origin and Cross-Origin-Embedder-Policy: require-corp'
    );
  }
  if (typeof Worker !== 'function') return 'this engine has no Web Workers here';
  return (data) => {
    const url = URL.createObjectURL(new Blob([THREAD_SOURCE], { type: 'text/javascript' }));
    const worker = new Worker(url);
    worker.onmessage = ({ data: message }) => fail(String(message));
    worker.onerror = (event) => fail(event.message);
    worker.postMessage(data);
    URL.revokeObjectURL(url);
    return worker;
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

function availableThreads(): number {
  const os = nodeModule('os');
  const here = os?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
  return Math.min(here, MAX_THREADS);
}

interface NodeModules {
  v8: typeof import('node:v8');
  os: typeof import('node:os');
  worker_threads: typeof import('node:worker_threads');
}

/** A Node built-in without an import, which bundlers for browsers would stumble over. */
function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] | undefined {
  const node = (globalThis as { process?: { getBuiltinModule?(id: string): unknown } }).process;
  return node?.getBuiltinModule?.(`node:${name}`) as NodeModules[Name] | undefined;
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}
