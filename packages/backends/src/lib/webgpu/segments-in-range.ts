import * as tf from '@tensorflow/tfjs';

/**
 * UnsortedSegmentSum, where what belongs to no segment is left out: it is added to one more segment, which
 * is cut off. The stock kernel adds it to a segment of the next element.
 */
export function segmentsInRange(stock: tf.KernelFunc): tf.KernelFunc {
  return (args) => {
    const { inputs, attrs } = args;
    const backend = args.backend as tf.KernelBackend & {
      makeTensorInfo(shape: number[], dtype: tf.DataType, values: tf.TypedArray): tf.TensorInfo;
    };
    const count = attrs!['numSegments'] as number;
    const run = (name: string, given: tf.NamedTensorInfoMap, more: tf.NamedAttrMap) =>
      tf.getKernel(name, 'webgpu')!.kernelFunc({
        inputs: given,
        backend,
        attrs: more,
      }) as tf.TensorInfo;
    const last = backend.makeTensorInfo([], 'int32', Int32Array.of(count));
    const segmentIds = run('Minimum', { a: inputs['segmentIds']!, b: last }, {});
    const sums = stock({
      ...args,
      inputs: { x: inputs['x'], segmentIds },
      attrs: { numSegments: count + 1 },
    }) as tf.TensorInfo;
    const begin = sums.shape.map(() => 0);
    const inside = run('Slice', { x: sums }, { begin, size: [count, ...sums.shape.slice(1)] });
    for (const { dataId } of [last, segmentIds, sums]) backend.disposeData(dataId);
    return inside;
  };
}
