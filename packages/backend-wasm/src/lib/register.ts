import * as tf from '@tensorflow/tfjs';
import { WasmBackend } from './backend';
import { WasmBackendError } from './errors';
import { batchNormKernels } from './kernels/batch-norm';
import { convolutionKernels } from './kernels/convolution';
import { elementwiseKernels } from './kernels/elementwise';
import { BACKEND_NAME, type FastKernel, type KernelArguments } from './kernels/kernel';
import { matMulKernels } from './kernels/matmul';
import { reductionKernels } from './kernels/reduction';
import { shapeKernels } from './kernels/shape';
import { trainingKernels } from './kernels/training';
import { startRuntime, type WasmOptions } from './runtime';

/** Kernels that run in WebAssembly; the others of the backend are the stock CPU kernels. */
export const fastKernels: readonly FastKernel[] = [
  ...elementwiseKernels,
  ...matMulKernels,
  ...convolutionKernels,
  ...reductionKernels,
  ...shapeKernels,
  ...batchNormKernels,
  ...trainingKernels,
];

let options: WasmOptions = {};

/**
 * Sets how the backend starts. Call it before `tf.setBackend('ganloom-wasm')`.
 *
 * @throws {WasmBackendError} if the backend runs already; `tf.removeBackend('ganloom-wasm')` and
 * {@link registerWasmBackend} start over.
 */
export function configureWasm(settings: WasmOptions): void {
  if (running() !== undefined) {
    throw new WasmBackendError(
      "configureWasm: the backend runs already; call it before tf.setBackend('ganloom-wasm')",
    );
  }
  options = { ...settings };
}

/** What the running backend uses, or undefined if it has not started. */
export function wasmInfo():
  | { threads: number; relaxedSimd: boolean; memoryBytes: number; usedBytes: number; peakBytes: number }
  | undefined {
  const runtime = running()?.runtime;
  if (runtime === undefined) return undefined;
  const { threads, relaxedSimd, allocator } = runtime;
  return {
    threads,
    relaxedSimd,
    memoryBytes: allocator.totalBytes,
    usedBytes: allocator.usedBytes,
    peakBytes: allocator.peakBytes,
  };
}

function running(): WasmBackend | undefined {
  const backend = tf.engine().registry[BACKEND_NAME];
  return backend instanceof WasmBackend ? backend : undefined;
}

/** Registers the backend and its kernels; importing the package does it. Idempotent. */
export function registerWasmBackend(): void {
  if (tf.findBackendFactory(BACKEND_NAME) !== null) return;
  // Priority 0: never chosen unless asked for, as starting is asynchronous and starts threads.
  tf.registerBackend(BACKEND_NAME, async () => new WasmBackend(await startRuntime(options)), 0);
  if (tf.getKernel('Identity', BACKEND_NAME) !== undefined) return;
  const stock = new Map(tf.getKernelsForBackend('cpu').map((config) => [config.kernelName, config]));
  for (const kernel of fastKernels) {
    const fallback = stock.get(kernel.name)?.kernelFunc;
    stock.delete(kernel.name);
    tf.registerKernel({
      kernelName: kernel.name,
      backendName: BACKEND_NAME,
      kernelFunc: (args) => {
        const result = kernel.run(args as unknown as KernelArguments);
        if (result !== undefined) return result;
        if (fallback !== undefined) return fallback(args);
        throw new WasmBackendError(`backend-wasm: ${kernel.name} takes float32 tensors only`);
      },
    });
  }
  for (const config of stock.values()) tf.registerKernel({ ...config, backendName: BACKEND_NAME });
}
