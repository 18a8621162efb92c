import * as tf from '@tensorflow/tfjs';
import { WasmBackend } from './backend';
import { WasmBackendError } from './errors';
import { type KernelTime, timed } from './kernel-profile';
import { batchNormKernels } from './kernels/batch-norm';
import { convolutionKernels } from './kernels/convolution';
import { depthToSpaceKernels } from './kernels/depth-to-space';
import { depthwiseKernels } from './kernels/depthwise';
import { einsumKernels } from './kernels/einsum';
import { elementwiseKernels } from './kernels/elementwise';
import { gatherKernels } from './kernels/gather';
import { BACKEND_NAME, type FastKernel, type KernelArguments } from './kernels/kernel';
import { logicalKernels } from './kernels/logical';
import { matMulKernels } from './kernels/matmul';
import { maxWindowKernels } from './kernels/max-windows';
import { mirrorPadKernels } from './kernels/mirror-pad';
import { nothingKernels } from './kernels/nothing';
import { poolingKernels } from './kernels/pooling';
import { randomNormal } from './kernels/random-normal';
import { reductionKernels } from './kernels/reduction';
import { resizeKernels } from './kernels/resize';
import { scanKernels } from './kernels/scan';
import { shapeKernels } from './kernels/shape';
import { softmaxKernels } from './kernels/softmax';
import { stackingKernels } from './kernels/stacking';
import { topK } from './kernels/top-k';
import { transform } from './kernels/transform';
import { updateStepKernels } from './kernels/update-steps';
import { runKernel } from './run-kernel';
import { checkOptions, startRuntime, type WasmOptions } from './runtime';

/** Kernels that run in WebAssembly; the others of the backend are the stock CPU kernels. */
export const fastKernels: readonly FastKernel[] = [
  ...elementwiseKernels,
  ...logicalKernels,
  ...matMulKernels,
  ...einsumKernels,
  ...convolutionKernels,
  ...depthwiseKernels,
  ...poolingKernels,
  ...resizeKernels,
  ...reductionKernels,
  ...scanKernels,
  ...softmaxKernels,
  ...shapeKernels,
  ...stackingKernels,
  ...mirrorPadKernels,
  ...depthToSpaceKernels,
  ...gatherKernels,
  ...batchNormKernels,
  ...updateStepKernels,
  randomNormal,
];

/** Kernels that run in JavaScript, as the stock CPU kernels are wrong somewhere. */
const repairedKernels: readonly FastKernel[] = [
  ...nothingKernels,
  ...maxWindowKernels,
  topK,
  transform,
];

/** What the next start of the backend uses, and why the last one failed. */
let options: WasmOptions = {};
let failure: unknown;

/** What a running backend uses. */
export interface WasmInfo {
  readonly threads: number;
  /** Why there are fewer threads than were asked for or than the machine has, if so. */
  readonly threadsNote?: string;
  readonly relaxedSimd: boolean;
  /** What the engine lets the WebAssembly memory grow to: 4 GiB, or less on phones. */
  readonly memoryLimitBytes: number;
  /** Size of that memory, and how much of it tensors hold now and held at most. */
  readonly memoryBytes: number;
  readonly usedBytes: number;
  readonly peakBytes: number;
}

/**
 * Starts the backend and makes it the current one.
 *
 * `tf.setBackend('ganloom-wasm')` does the same with default options, but only logs why it could not.
 *
 * @throws {WasmBackendError} if the engine lacks what is needed, or if the backend runs already with
 *   other options.
 */
export async function useWasm(settings: WasmOptions = {}): Promise<WasmInfo> {
  checkOptions(settings);
  const now = wasmInfo();
  if (now !== undefined) {
    const { threads = now.threads, relaxedSimd = now.relaxedSimd } = settings;
    // What was asked for may be more than there was.
    const sameThreads = threads === now.threads || threads === options.threads;
    if (!sameThreads || relaxedSimd !== now.relaxedSimd) {
      throw new WasmBackendError(
        `useWasm: the backend runs already with threads ${now.threads} and relaxedSimd ${now.relaxedSimd}, ` +
          `got threads ${threads} and relaxedSimd ${relaxedSimd}; set options at the first call`,
      );
    }
  }
  registerWasmBackend();
  if (now === undefined) options = { ...settings };
  failure = undefined;
  const before = tf.engine().backendName;
  if (!(await tf.setBackend(BACKEND_NAME))) {
    // tfjs leaves no current backend behind a failed start.
    if (before && before !== BACKEND_NAME) await tf.setBackend(before);
    throw failure ?? new WasmBackendError('useWasm: TensorFlow.js did not start the backend');
  }
  return wasmInfo()!;
}

/** What the running backend uses, or undefined if it has not started. */
export function wasmInfo(): WasmInfo | undefined {
  const runtime = running()?.runtime;
  if (runtime === undefined) return undefined;
  const { threads, threadsNote, relaxedSimd, limitBytes, allocator } = runtime;
  return {
    threads,
    ...(threadsNote !== undefined && { threadsNote }),
    relaxedSimd,
    memoryLimitBytes: limitBytes,
    memoryBytes: allocator.totalBytes,
    usedBytes: allocator.usedBytes,
    peakBytes: allocator.peakBytes,
  };
}

function running(): WasmBackend | undefined {
  const backend = tf.engine().registry[BACKEND_NAME];
  return backend instanceof WasmBackend ? backend : undefined;
}

async function start(): Promise<WasmBackend> {
  try {
    return new WasmBackend(await startRuntime(options));
  } catch (error) {
    failure = error;
    throw error;
  }
}

/** Registers the backend and its kernels; importing the package does it. Idempotent. */
export function registerWasmBackend(): void {
  if (tf.findBackendFactory(BACKEND_NAME) !== null) return;
  // Priority 0: never chosen unless asked for, as starting is asynchronous and starts threads.
  tf.registerBackend(BACKEND_NAME, start, 0);
  if (tf.getKernel('Identity', BACKEND_NAME) !== undefined) return;
  const stock = new Map(
    tf.getKernelsForBackend('cpu').map((config) => [config.kernelName, config]),
  );
  const own = [
    ...fastKernels.map((kernel) => ({ kernel, runsIn: 'wasm' as const })),
    ...repairedKernels.map((kernel) => ({ kernel, runsIn: 'javascript' as const })),
  ];
  for (const { kernel, runsIn } of own) {
    const fallback = stock.get(kernel.name)?.kernelFunc;
    stock.delete(kernel.name);
    register({ kernelName: kernel.name, backendName: BACKEND_NAME }, (args) => {
      const result = kernel.run(args as unknown as KernelArguments);
      if (result !== undefined) return { result, runsIn };
      if (fallback !== undefined) return { result: fallback(args), runsIn: 'javascript' };
      throw new WasmBackendError(`backend-wasm: ${kernel.name} takes float32 tensors only`);
    });
  }
  for (const config of stock.values()) {
    register({ ...config, backendName: BACKEND_NAME }, (args) => ({
      result: config.kernelFunc(args),
      runsIn: 'javascript',
    }));
  }
}

type Kernel = (args: Parameters<tf.KernelFunc>[0]) => {
  result: ReturnType<tf.KernelFunc>;
  runsIn: KernelTime['runsIn'];
};

function register(config: Omit<tf.KernelConfig, 'kernelFunc'>, run: Kernel): void {
  const { kernelName } = config;
  tf.registerKernel({
    ...config,
    kernelFunc: (args) =>
      runKernel(kernelName, args.inputs, args.backend as WasmBackend, () =>
        timed(kernelName, () => run(args)),
      ),
  });
}

/** Names of the kernels with a form in WebAssembly, in order. */
export function wasmKernelNames(): string[] {
  return fastKernels.map(({ name }) => name).sort();
}

/** Names of the kernels that run in JavaScript, most as the stock CPU kernels do, in order. */
export function javascriptKernelNames(): string[] {
  const fast = new Set(wasmKernelNames());
  return tf
    .getKernelsForBackend(BACKEND_NAME)
    .map(({ kernelName }) => kernelName)
    .filter((name) => !fast.has(name))
    .sort();
}
