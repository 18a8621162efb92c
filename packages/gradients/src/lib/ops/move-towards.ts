import * as tf from '@tensorflow/tfjs';

/**
 * variable ← variable + amount · (target − variable): a step of an exponential moving average. In
 * place where the backend has the kernel `LerpStep`; part of no gradient.
 */
export function moveTowards(variable: tf.Variable, target: tf.Tensor, amount: number): void {
  const fused = inPlaceKernel('LerpStep', variable, target);
  if (!fused) {
    tf.tidy(() => variable.assign(variable.add(target.sub(variable).mul(amount))));
    return;
  }
  ensureOwnStorage(variable);
  const inputs = { target: variable, source: target };
  fused.kernelFunc({ inputs, backend: tf.backend(), attrs: { amount } });
}

/**
 * The kernel of this name that writes into a variable from a tensor, if the backend has one and the two
 * are alike: the kernels look at neither shapes nor types.
 */
export function inPlaceKernel(
  name: string,
  variable: tf.Tensor,
  from: tf.Tensor,
): tf.KernelConfig | undefined {
  const fits =
    variable.dtype === 'float32' &&
    from.dtype === 'float32' &&
    tf.util.arraysEqual(variable.shape, from.shape);
  return fits ? tf.getKernel(name, tf.getBackend()) : undefined;
}

/**
 * Gives a variable memory of its own if it shares some, so that a kernel may write into it.
 *
 * Tensors of TensorFlow.js are values, so `clone`, `reshape` and `variable.assign` share memory and
 * count references to it.
 */
export function ensureOwnStorage(variable: tf.Variable): void {
  if (tf.backend().refCount(variable.dataId) === 1) return;
  // Multiplying by one is the cheapest copy that keeps all bits, negative zero among them.
  tf.tidy(() => variable.assign(tf.mul(variable, 1)));
}
