import { nodeModule } from './node-module';
import { THREAD_SOURCE } from './thread-source';

/** What a thread is sent. */
export interface ThreadData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of its scratch memory. */
  readonly scratch: number;
}

export interface Thread {
  terminate(): unknown;
}

/** Starts a thread; throws if the engine refuses at once, and calls `fail` for what goes wrong later. */
export type SpawnThread = (data: ThreadData, fail: (reason: string) => void) => Thread;

/** How threads are started here, or why there are none. */
export function threadSpawner(): SpawnThread | string {
  const node = nodeModule('worker_threads');
  if (node !== undefined) {
    return (data, fail) => {
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
  if (typeof SharedArrayBuffer !== 'function') {
    return (
      'this browser has no SharedArrayBuffer, though the page is cross-origin isolated; ' +
      'use another browser for threads'
    );
  }
  if (typeof Worker !== 'function') return 'this engine has no Web Workers here';
  return spawnWebWorker;
}

const REFUSED_BLOB =
  "Web Workers from blob: addresses do not load; add blob: to the worker-src of the page's " +
  'Content-Security-Policy';

const spawnWebWorker: SpawnThread = (data, fail) => {
  const worker = workerOf(THREAD_SOURCE);
  worker.onmessage = ({ data: message }) => fail(String(message));
  // A script that does not load gives an event without a message.
  worker.onerror = ({ message }: Partial<ErrorEvent>) => fail(message ?? REFUSED_BLOB);
  try {
    worker.postMessage(data);
    return worker;
  } catch (error) {
    worker.terminate();
    throw error;
  }
};

/** A worker whose script is a text. */
function workerOf(script: string): Worker {
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  try {
    return new Worker(url);
  } catch (error) {
    // WebKit says at once what other engines say by an event.
    const isPolicy = (error as { name?: string }).name === 'SecurityError';
    throw isPolicy ? new Error(REFUSED_BLOB, { cause: error }) : error;
  } finally {
    URL.revokeObjectURL(url);
  }
}
