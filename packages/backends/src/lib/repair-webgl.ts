import * as tf from '@tensorflow/tfjs';
import { replaceKernel } from './replace-kernel';

/** Puts right what the stock webgl backend gets wrong. */
export function repairWebgl(): void {
  // The shader for vectors turns them round whatever the dimensions.
  replaceKernel('Reverse', 'webgl', (stock) => (args) => {
    const x = args.inputs['x'] as tf.TensorInfo;
    const dims = args.attrs!['dims'] as number | readonly number[];
    if (Array.isArray(dims) && dims.length === 0) {
      return tf.getKernel('Identity', 'webgl')!.kernelFunc({ ...args, inputs: { x }, attrs: {} });
    }
    return stock(args);
  });
}
