import * as tf from '@tensorflow/tfjs';
import type { WasmBackend } from '../backend';
import { type FastKernel, sizeOf } from './kernel';

/** The shape of a reduction, and how many elements come to one. */
export function reducedShape(
  x: tf.TensorInfo,
  axes: readonly number[],
  keepDims: boolean,
): { shape: number[]; length: number } {
  const [shape, reduced] = tf.backend_util.computeOutAndReduceShapes(x.shape, [...axes]);
  return {
    shape: keepDims ? tf.backend_util.expandShapeToKeepDim(shape, [...axes]) : shape,
    length: tf.util.sizeFromShape(reduced),
  };
}

/** A tensor of one value. */
export function constant(
  backend: WasmBackend,
  shape: readonly number[],
  dtype: tf.DataType,
  value: number,
): tf.TensorInfo {
  const y = backend.output(shape, dtype);
  if (sizeOf(y) > 0) backend.values(y).fill(value);
  return y;
}

/** What the stock kernel gives but for no elements, of which it makes false. */
function ofBool(name: string, ofNothing: number): FastKernel {
  return {
    name,
    run({ inputs, attrs, backend }) {
      const x = inputs['x']!;
      const axes = tf.util.parseAxisParam(attrs['axis'] as number[], x.shape);
      const { shape, length } = reducedShape(x, axes, attrs['keepDims'] === true);
      return length === 0 ? constant(backend, shape, 'bool', ofNothing) : undefined;
    },
  };
}

/** All of nothing are true, and none is. */
export const nothingKernels: readonly FastKernel[] = [ofBool('All', 1), ofBool('Any', 0)];
