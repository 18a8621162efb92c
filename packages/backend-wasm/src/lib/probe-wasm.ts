import { chooseBinary, couldRelax, requireAllowed } from './instantiate-module';
import { whyUnshared } from './memory';
import { availableThreads } from './runtime';
import { threadSpawner } from './spawn-thread';

/** What `useWasm()` would use. */
export interface WasmProbe {
  readonly threads: number;
  /** Why there would be fewer threads than the machine has, if so. */
  readonly threadsNote?: string;
  readonly relaxedSimd: boolean;
}

/**
 * Says what `useWasm()` would use here, and starts, registers and changes nothing. Only a start can tell
 * what the system refuses: a thread, or the memory.
 *
 * @throws {WasmBackendError} if the engine lacks what is needed, or the page forbids it.
 */
export async function probeWasm(): Promise<WasmProbe> {
  const { relaxedSimd } = chooseBinary(undefined, couldRelax);
  await requireAllowed();
  const threads = availableThreads();
  if (threads === 1) return { threads, relaxedSimd };
  const spawn = threadSpawner();
  const threadsNote = whyUnshared() ?? (typeof spawn === 'string' ? spawn : undefined);
  return threadsNote === undefined
    ? { threads, relaxedSimd }
    : { threads: 1, threadsNote, relaxedSimd };
}
