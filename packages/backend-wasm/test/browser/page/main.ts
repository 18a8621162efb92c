import type { WasmOptions } from '@ganloom/backend-wasm';
import { probeWasm, type WasmProbe } from '@ganloom/backend-wasm/probe';
import { type Outcome, program } from '../program';

declare global {
  interface Window {
    /** What nothing has caught. */
    readonly errors: string[];
    /** What a start would use. */
    probe(): Promise<WasmProbe>;
    /** The program in this page. */
    runHere(options: WasmOptions): Promise<Outcome>;
    /** The program in a Web Worker. */
    runInWorker(options: WasmOptions): Promise<Outcome>;
  }
}

// One bundle for both, as making another one takes longer than all tests.
if (typeof document === 'undefined') {
  self.onmessage = ({ data }: MessageEvent<WasmOptions>) =>
    void program(data).then(
      (outcome) => self.postMessage(outcome),
      (error: unknown) => self.postMessage(String(error)),
    );
} else {
  const errors: string[] = [];
  window.addEventListener('error', ({ message }) => errors.push(message));
  window.addEventListener('unhandledrejection', ({ reason }) => errors.push(String(reason)));
  Object.assign(window, { errors });
  window.probe = probeWasm;
  window.runHere = program;
  window.runInWorker = (options) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(import.meta.url, { type: 'module' });
      worker.onmessage = ({ data }: MessageEvent<Outcome | string>) =>
        typeof data === 'string' ? reject(new Error(data)) : resolve(data);
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(options);
    });
}
