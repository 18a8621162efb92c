/**
 * The program of a worker thread, as text: it is started from a string, so that no bundler has to
 * know of a second file. It works as a Node worker thread and as a Web Worker.
 *
 * It receives { module, memory, scratch }, makes its own instance of the module over the shared
 * memory and runs tasks until the pool stops. A trap ends the thread and is posted back.
 */
export const THREAD_SOURCE = `
const run = ({ module, memory, scratch }, post) => {
  let wasm;
  const abort = () => { throw new Error('abort'); };
  try {
    wasm = new WebAssembly.Instance(module, { env: { memory, abort } }).exports;
    wasm.setScratch(scratch);
    wasm.workerLoop();
  } catch (error) {
    if (wasm) wasm.workerFailed();
    post(String(error && error.message || error));
  }
};
if (typeof process === 'object' && process.getBuiltinModule) {
  const { workerData, parentPort } = process.getBuiltinModule('node:worker_threads');
  run(workerData, (message) => parentPort.postMessage(message));
} else {
  self.onmessage = ({ data }) => run(data, (message) => self.postMessage(message));
  self.onmessageerror = () => self.postMessage('the memory does not arrive there');
}
`;
