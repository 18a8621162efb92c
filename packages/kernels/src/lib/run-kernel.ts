import * as tf from '@tensorflow/tfjs';
import type { KernelName, ValueKernelName, ValueKernelTypes } from './kernel-types';

/** Whether the current backend has a kernel; where it has not, callers compose stock operations. */
export function hasKernel(name: KernelName): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined;
}

/**
 * Runs a kernel of the current backend, recorded on the tape if there is one. The tensors belong to
 * the caller, or to the tidy around.
 *
 * @throws if the backend has no such kernel: see {@link hasKernel}
 */
export function runKernel<Name extends ValueKernelName>(
  name: Name,
  inputs: ValueKernelTypes[Name]['inputs'],
  attrs: ValueKernelTypes[Name]['attrs'],
): ValueKernelTypes[Name]['outputs'] {
  return tf
    .engine()
    .runKernel(name, inputs as tf.NamedTensorMap, attrs as unknown as tf.NamedAttrMap);
}
