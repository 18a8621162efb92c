import * as tf from '@tensorflow/tfjs';
import type { InPlaceKernelName, InPlaceKernelTypes } from './kernel-types';

/**
 * Writes into variables by a kernel of the current backend, unless it has no such kernel, or the
 * tensors are not all float32 of one shape, which kernels do not check. Part of no gradient.
 *
 * @returns whether it did; if not, all is as it was
 */
export function updateInPlace<Name extends InPlaceKernelName>(
  name: Name,
  written: InPlaceKernelTypes[Name]['written'],
  read: InPlaceKernelTypes[Name]['read'],
  attrs: InPlaceKernelTypes[Name]['attrs'],
): boolean {
  const kernel = tf.getKernel(name, tf.getBackend());
  const inputs: tf.NamedTensorMap = { ...written, ...read };
  if (kernel === undefined || !areAlike(Object.values(inputs))) return false;
  for (const variable of Object.values(written)) ensureOwnStorage(variable);
  kernel.kernelFunc({ inputs, backend: tf.backend(), attrs: { ...attrs } });
  return true;
}

function areAlike([first, ...others]: tf.Tensor[]): boolean {
  if (first?.dtype !== 'float32') return false;
  return others.every(
    ({ dtype, shape }) => dtype === 'float32' && tf.util.arraysEqual(shape, first.shape),
  );
}

/**
 * Gives a variable memory of its own if it shares some, so that a kernel may write into it.
 *
 * Tensors of TensorFlow.js are values, so `clone`, `reshape` and `variable.assign` share memory and
 * count references to it.
 */
function ensureOwnStorage(variable: tf.Variable): void {
  if (tf.backend().refCount(variable.dataId) === 1) return;
  // Multiplying by one is the cheapest copy that keeps all bits, negative zero among them.
  tf.tidy(() => variable.assign(tf.mul(variable, 1)));
}
