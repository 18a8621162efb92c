import * as tf from '@tensorflow/tfjs';

/**
 * Cumsum and Cumprod, reversed ones by turning the tensor round. The stock shader of those is kept under
 * a name without the length that is written into it, and serves tensors of other lengths.
 */
export function reversedScans(stock: tf.KernelFunc): tf.KernelFunc {
  return (args) => {
    if (!args.attrs!['reverse']) return stock(args);
    const { inputs, backend, attrs } = args;
    const turn = tf.getKernel('Reverse', 'webgpu')!.kernelFunc;
    const turned = (x: tf.TensorInfo) =>
      turn({
        inputs: { x },
        backend,
        attrs: { dims: [attrs!['axis'] as number] },
      }) as tf.TensorInfo;
    const before = turned(inputs['x'] as tf.TensorInfo);
    const scanned = stock({
      ...args,
      inputs: { x: before },
      attrs: { ...attrs, reverse: false },
    }) as tf.TensorInfo;
    const after = turned(scanned);
    for (const { dataId } of [before, scanned]) (backend as tf.KernelBackend).disposeData(dataId);
    return after;
  };
}
