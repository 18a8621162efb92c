import type * as tf from '@tensorflow/tfjs';
import type { KernelArguments, KernelName, KernelResult } from './kernel-types';

/**
 * A kernel of this project for a backend, as `tf.registerKernel` takes it.
 *
 * @param run computes it; what it returns are new tensors of the backend, which the engine disposes
 */
export function kernelConfig<Name extends KernelName, Backend = tf.KernelBackend>(
  kernelName: Name,
  backendName: string,
  run: (args: KernelArguments<Name, Backend>) => KernelResult<Name>,
): tf.KernelConfig {
  return { kernelName, backendName, kernelFunc: run as unknown as tf.KernelFunc };
}
