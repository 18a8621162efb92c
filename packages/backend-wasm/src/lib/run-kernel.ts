import type * as tf from '@tensorflow/tfjs';
import type { WasmBackend } from './backend';
import { OutOfMemoryError, WasmBackendError } from './errors';

/**
 * Runs a kernel so that a failure leaves the backend as it was.
 *
 * @throws {WasmBackendError} that names the kernel and its inputs if memory is short or the module
 *   trapped; other errors pass as they are.
 */
export function runKernel<T>(
  name: string,
  inputs: tf.NamedTensorInfoMap,
  backend: WasmBackend,
  run: () => T,
): T {
  return backend.data.record(run, (made, error) => {
    const call = () => `${name} of ${shapes(inputs)}`;
    if (error instanceof WebAssembly.RuntimeError) {
      // Another thread may still write to what the kernel had made: it is not freed.
      backend.runtime.useOneThread(`${call()} failed: ${error.message}`);
      throw new WasmBackendError(
        `backend-wasm: ${call()} stopped half-way (${error.message}), here or in a worker thread; other ` +
          'tensors are as they were, and the backend goes on with one thread',
        { cause: error },
      );
    }
    for (const dataId of made) backend.disposeData(dataId, true);
    if (!(error instanceof OutOfMemoryError)) throw error;
    throw new OutOfMemoryError(`${error.message}, in ${call()}`, { cause: error });
  });
}

/** "float32 [2,3], int32 []", of inputs by name or in a list. */
function shapes(inputs: tf.NamedTensorInfoMap): string {
  const all = Object.values(inputs).filter((x) => x !== undefined && x !== null);
  if (all.length === 0) return 'no inputs';
  return all.map(({ dtype, shape }) => `${dtype} [${shape.join(',')}]`).join(', ');
}
