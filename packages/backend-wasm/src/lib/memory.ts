import { OutOfMemoryError, reasonOf, WasmBackendError } from './errors';

const PAGE = 65536;
const INITIAL_PAGES = 512;
const GROW_PAGES = 1024;
const MEBIBYTE = 2 ** 20;
/** Largest first: engines of phones refuse to reserve what those of desktops grant. */
const SHARED_LIMITS = [4096, 2048, 1024, 512, 256].map((size) => size * MEBIBYTE);
const OWN_LIMITS = [1024, 512, 256].map((size) => size * MEBIBYTE);

/** The memory of a module, and how large it can become. */
export interface ModuleMemory {
  readonly memory: WebAssembly.Memory;
  readonly limitBytes: number;
  /** Why the memory cannot be shared with threads, if it cannot. */
  readonly unsharedNote?: string;
}

/**
 * Shared memory even for one thread: one module then serves both, engines make such memory also
 * where a page may not pass it to workers, and it never moves when it grows.
 *
 * Where the engine refuses it, memory that is not shared has its full size from the start, as views of
 * it would not survive that it grows.
 *
 * @throws {WasmBackendError} if the engine grants no memory.
 */
export function createMemory(): ModuleMemory {
  const shared = firstGranted(SHARED_LIMITS, (maximum) => ({
    initial: INITIAL_PAGES,
    maximum,
    shared: true,
  }));
  if (shared.granted) return shared.granted;
  const own = firstGranted(OWN_LIMITS, (maximum) => ({ initial: maximum, maximum }));
  if (own.granted) {
    return { ...own.granted, unsharedNote: unsharedNote(shared.refusal) };
  }
  throw new WasmBackendError(
    'backend-wasm: the engine refuses to reserve 256 MiB of addresses for WebAssembly memory ' +
      `(${reasonOf(shared.refusal)}); raise the process's address limit (ulimit -v), or close other pages`,
    { cause: shared.refusal },
  );
}

/** Why the engine refuses memory that threads share, if it does; of one page, which leaves no trace. */
export function whyUnshared(): string | undefined {
  const { refusal } = firstGranted([PAGE], (maximum) => ({ initial: 1, maximum, shared: true }));
  return refusal === undefined ? undefined : unsharedNote(refusal);
}

const unsharedNote = (refusal: unknown): string =>
  `the engine refuses shared WebAssembly memory: ${reasonOf(refusal)}`;

function firstGranted(
  limits: readonly number[],
  descriptor: (pages: number) => WebAssembly.MemoryDescriptor,
): { readonly granted?: ModuleMemory; readonly refusal?: unknown } {
  let refusal: unknown;
  for (const limitBytes of limits) {
    try {
      const memory = new WebAssembly.Memory(descriptor(limitBytes / PAGE));
      return { granted: { memory, limitBytes } };
    } catch (error) {
      refusal = error;
    }
  }
  return { refusal };
}

/**
 * Makes the memory at least `bytes` larger and returns its new size.
 *
 * @throws {OutOfMemoryError} if the engine grants no more.
 */
export function growMemory({ memory, limitBytes }: ModuleMemory, bytes: number): number {
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
    `backend-wasm: out of memory: ${inMebibytes(bytes)} more are needed beyond the ` +
      `${inMebibytes(memory.buffer.byteLength)} there are, and the engine's limit is ` +
      `${inMebibytes(limitBytes)}; dispose tensors (tf.tidy), or use a smaller batch`,
  );
}

function inMebibytes(bytes: number): string {
  return `${Math.ceil(bytes / MEBIBYTE)} MiB`;
}
