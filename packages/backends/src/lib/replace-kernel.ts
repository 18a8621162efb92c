import * as tf from '@tensorflow/tfjs';

const replaced = new Set<string>();

/** Puts another function in the place of a backend's kernel, once, if there is such a kernel. */
export function replaceKernel(
  kernelName: string,
  backendName: string,
  repair: (stock: tf.KernelFunc) => tf.KernelFunc,
): void {
  const key = `${backendName} ${kernelName}`;
  const config = tf.getKernel(kernelName, backendName);
  if (!config || replaced.has(key)) return;
  replaced.add(key);
  // Without this the registration would print that there is one already.
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ ...config, kernelFunc: repair(config.kernelFunc) });
}
