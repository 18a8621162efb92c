import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Runtime, startRuntime } from './runtime';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** What the calling thread alone holds. */
async function bytesOfOne(): Promise<number> {
  return (await startRuntime({ threads: 1 })).allocator.usedBytes;
}

async function expectAlone(runtime: Runtime, threadsNote: string) {
  expect(runtime).toMatchObject({ threads: 1, threadsNote });
  expect(runtime.allocator.usedBytes).toBe(await bytesOfOne());
  runtime.stop();
}

describe('in Node', () => {
  const node = process.getBuiltinModule('node:worker_threads');

  it('goes on alone where the system refuses a thread', async () => {
    let made = 0;
    const { Worker } = node;
    vi.spyOn(node, 'Worker').mockImplementation(function (...args) {
      if (++made === 2) throw new Error('resource temporarily unavailable');
      return new Worker(...args);
    });
    await expectAlone(
      await startRuntime({ threads: 4 }),
      'a worker thread does not start: resource temporarily unavailable',
    );
    expect(made).toBe(2);
  });

  it('goes on alone where a thread ends as it starts', async () => {
    const { Worker } = node;
    vi.spyOn(node, 'Worker').mockImplementation(function () {
      return new Worker('process.exit(7)', { eval: true });
    });
    await expectAlone(
      await startRuntime({ threads: 3 }),
      'a worker thread does not start: it ended with exit code 7',
    );
  });

  it('tells of a thread that dies after others were late', async () => {
    const { Worker } = node;
    const made: InstanceType<typeof Worker>[] = [];
    vi.spyOn(node, 'Worker').mockImplementation(function () {
      const program = `const { parentPort } = require('node:worker_threads');
        parentPort.once('message', () => process.exit(3));`;
      made.push(new Worker(program, { eval: true }));
      return made.at(-1)!;
    });
    let now = 0;
    vi.spyOn(Date, 'now').mockImplementation(() => (now += 20_000));
    const runtime = await startRuntime({ threads: 3 });
    const late = '2 worker thread(s) did not start in 10 s';
    expect(runtime).toMatchObject({ threads: 1, threadsNote: late });
    const ended = new Promise((resolve) => made[0]!.once('exit', resolve));
    made[0]!.postMessage('end');
    await ended;
    expect(runtime.threadsNote).toBe(`${late}; a worker thread died: it ended with exit code 3`);
    runtime.useOneThread('another reason');
    expect(runtime.threadsNote).toBe(`${late}; a worker thread died: it ended with exit code 3`);
    runtime.stop();
  });
});

describe('in a page', () => {
  /** As much of a page as the start looks at. */
  function page(globals: Readonly<Record<string, unknown>>) {
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
    vi.stubGlobal('crossOriginIsolated', true);
    for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
  }

  class QuietWorker {
    onmessage?: (event: { data: unknown }) => void;
    onerror?: (event: { message?: string }) => void;
    terminated = false;
    postMessage(_data: unknown): void {}
    terminate() {
      this.terminated = true;
    }
  }

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    [
      'that is not isolated',
      { crossOriginIsolated: false },
      'the page is not cross-origin isolated; serve it with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp',
    ],
    [
      'without SharedArrayBuffer',
      { SharedArrayBuffer: undefined },
      'this browser has no SharedArrayBuffer, though the page is cross-origin isolated; use another browser for threads',
    ],
    ['without Web Workers', { Worker: undefined }, 'this engine has no Web Workers here'],
    [
      'whose memory cannot be sent',
      {
        Worker: class extends QuietWorker {
          override postMessage() {
            throw new DOMException('The object can not be cloned.', 'DataCloneError');
          }
        },
      },
      'a worker thread does not start: The object can not be cloned.',
    ],
    [
      'whose memory does not arrive',
      {
        Worker: class extends QuietWorker {
          override postMessage() {
            setTimeout(() => this.onmessage?.({ data: 'the memory does not arrive there' }));
          }
        },
      },
      'a worker thread does not start: the memory does not arrive there',
    ],
    [
      'whose policy refuses the script by an event',
      {
        Worker: class extends QuietWorker {
          override postMessage() {
            setTimeout(() => this.onerror?.({}));
          }
        },
      },
      "a worker thread does not start: Web Workers from blob: addresses do not load; add blob: to the worker-src of the page's Content-Security-Policy",
    ],
    [
      'whose policy refuses the script at once',
      {
        Worker: function () {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        },
      },
      "a worker thread does not start: Web Workers from blob: addresses do not load; add blob: to the worker-src of the page's Content-Security-Policy",
    ],
    [
      'that wants trusted types',
      {
        Worker: function () {
          throw new TypeError("This document requires 'TrustedScriptURL' assignment.");
        },
      },
      "a worker thread does not start: This document requires 'TrustedScriptURL' assignment.",
    ],
  ])('%s it goes on alone and says why', async (_, globals, note) => {
    page(globals);
    const runtime = await startRuntime({ threads: 2 });
    vi.unstubAllGlobals();
    await expectAlone(runtime, note);
  });
});
