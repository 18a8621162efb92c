import type * as tf from '@tensorflow/tfjs';
import type { WebgpuBackend } from './webgpu-types';

/** What every device can bind in one stage, the output among them. */
const LEAST_BUFFERS = 8;

/**
 * AddN of any number of tensors, of which the stock kernel takes no more at once than a device can bind.
 * The order of the sum is that of the tensors.
 */
export function addInGroups(stock: tf.KernelFunc): tf.KernelFunc {
  return (args) => {
    const backend = args.backend as WebgpuBackend;
    const add = (inputs: readonly tf.TensorInfo[]) =>
      stock({ ...args, inputs: inputs as unknown as tf.NamedTensorInfoMap }) as tf.TensorInfo;
    const [first, ...rest] = args.inputs as unknown as readonly [tf.TensorInfo, ...tf.TensorInfo[]];
    const atOnce = LEAST_BUFFERS - 2;
    let sum = add([first, ...rest.slice(0, atOnce)]);
    for (let i = atOnce; i < rest.length; i += atOnce) {
      const before = sum;
      sum = add([before, ...rest.slice(i, i + atOnce)]);
      backend.disposeData(before.dataId);
    }
    return sum;
  };
}
