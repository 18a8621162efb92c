import * as tf from '@tensorflow/tfjs';
import { filled } from './elementwise';
import { type FastKernel, isFloat, sizeOf } from './kernel';
import { isWord } from './shape';

const gather: FastKernel = {
  name: 'GatherV2',
  run({ inputs, attrs, backend }) {
    const { x, indices } = inputs as Record<'x' | 'indices', tf.TensorInfo>;
    if (!isWord(x) || indices.dtype !== 'int32') return undefined;
    const axis = tf.util.parseAxisParam(attrs['axis'] as number, x.shape)[0]!;
    const size = x.shape[axis]!;
    for (const index of backend.values(indices)) {
      if (index >= 0 && index < size) continue;
      throw new Error(`GatherV2: the index value ${index} is not in [0, ${size - 1}]`);
    }
    const info = tf.backend_util.segment_util.collectGatherOpShapeInfo(
      x as tf.Tensor,
      indices as tf.Tensor,
      axis,
      (attrs['batchDims'] as number | undefined) ?? 0,
    );
    const y = backend.output(info.outputShape, x.dtype);
    if (sizeOf(y) === 0) return y;
    backend.wasm.gather(
      backend.address(x),
      backend.address(indices),
      backend.address(y),
      ...([info.batchSize, info.outerSize, sizeOf(indices) / info.batchSize] as const),
      ...([info.dimSize, info.sliceSize] as const),
    );
    return y;
  },
};

const segmentSum: FastKernel = {
  name: 'UnsortedSegmentSum',
  run({ inputs, attrs, backend }) {
    const { x, segmentIds } = inputs as Record<'x' | 'segmentIds', tf.TensorInfo>;
    if (!isFloat(x) || segmentIds.dtype !== 'int32' || segmentIds.shape.length !== 1)
      return undefined;
    const segments = attrs['numSegments'] as number;
    const y = filled(backend, [segments, ...x.shape.slice(1)], 0);
    const rows = x.shape[0]!;
    if (sizeOf(x) === 0 || segments === 0) return y;
    const width = sizeOf(x) / rows;
    const [from, ids, to] = [x, segmentIds, y].map((t) => backend.address(t));
    backend.wasm.segmentSum(from!, ids!, to!, rows, width, segments);
    return y;
  },
};

const oneHot: FastKernel = {
  name: 'OneHot',
  run({ inputs, attrs, backend }) {
    const indices = inputs['indices']!;
    const { depth, onValue, offValue } = attrs as Record<string, number>;
    const dtype = attrs['dtype'] as tf.DataType;
    if (dtype !== 'float32' && dtype !== 'int32') return undefined;
    const y = backend.output([...indices.shape, depth!], dtype);
    if (sizeOf(y) === 0) return y;
    const bits =
      dtype === 'int32' ? offValue! : new Int32Array(Float32Array.of(offValue!).buffer)[0]!;
    backend.wasm.fillWords(backend.address(y), sizeOf(y), bits);
    const values = backend.values(y);
    let row = 0;
    for (const index of backend.values(indices)) {
      if (index >= 0 && index < depth!) values[row + index] = onValue!;
      row += depth!;
    }
    return y;
  },
};

export const gatherKernels: readonly FastKernel[] = [gather, segmentSum, oneHot];
