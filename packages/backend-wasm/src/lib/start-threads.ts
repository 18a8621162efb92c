import type { Allocator } from './allocator';
import { reasonOf } from './errors';
import { type Thread, threadSpawner } from './spawn-thread';
import type { WasmExports } from './wasm-exports';

/** How long to wait for worker threads before going on with those that are there. */
const THREAD_START_MS = 10_000;

/** What threads share. */
export interface Shared {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly wasm: WasmExports;
  readonly allocator: Allocator;
  /** Is told of a worker that dies after the start. */
  useOneThread(reason: string): void;
}

export interface Pool {
  /** Why there are fewer threads than wanted. */
  readonly note?: string;
  terminate(): void;
}

/**
 * Starts all threads but the calling one; where one does not start, the calling one is alone and the note
 * says why.
 */
export async function startThreads(threads: number, shared: Shared): Promise<Pool> {
  const spawn = threadSpawner();
  if (typeof spawn === 'string') return alone(spawn);
  const { module, memory, wasm, allocator } = shared;
  const workers: Thread[] = [];
  const scratches: number[] = [];
  let failure: string | undefined;
  let state: 'starting' | 'started' | 'stopped' = 'starting';
  const fail = (reason: string) => {
    if (state === 'stopped') return;
    failure ??= reason;
    // Messages arrive between kernels: no job waits for the thread that is gone.
    if (state === 'started') shared.useOneThread(`a worker thread died: ${failure}`);
  };
  const terminate = () => {
    state = 'stopped';
    return Promise.all(workers.map((worker) => worker.terminate()));
  };
  try {
    for (let i = 1; i < threads; i++) {
      const scratch = allocator.allocate(wasm.scratchBytes());
      scratches.push(scratch);
      workers.push(spawn({ module, memory, scratch }, fail));
    }
    const deadline = Date.now() + THREAD_START_MS;
    while (wasm.readyWorkers() < workers.length && failure === undefined && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  } catch (error) {
    failure = reasonOf(error);
  }
  if (failure !== undefined) {
    wasm.stopWorkers();
    await terminate();
    for (const scratch of scratches) allocator.free(scratch);
    return alone(`a worker thread does not start: ${failure}`);
  }
  state = 'started';
  const late = workers.length - wasm.readyWorkers();
  return {
    ...(late > 0 && {
      note: `${late} worker thread(s) did not start in ${THREAD_START_MS / 1000} s`,
    }),
    terminate: () => void terminate(),
  };
}

/** No thread but the calling one. */
export function alone(note?: string): Pool {
  return { ...(note !== undefined && { note }), terminate: () => undefined };
}
