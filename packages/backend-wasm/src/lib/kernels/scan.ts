import * as tf from '@tensorflow/tfjs';
import { type FastKernel, isFloat, sizeOf } from './kernel';

/** x as [outer, length, inner] around one axis. */
function around(x: tf.TensorInfo, axis: number): [outer: number, length: number, inner: number] {
  const { sizeFromShape } = tf.util;
  return [
    sizeFromShape(x.shape.slice(0, axis)),
    x.shape[axis]!,
    sizeFromShape(x.shape.slice(axis + 1)),
  ];
}

function running(name: string, product: boolean): FastKernel {
  return {
    name,
    run({ inputs, attrs, backend }) {
      const x = inputs['x']!;
      if (!isFloat(x) || x.shape.length === 0) return undefined;
      const { exclusive, reverse } = attrs as Record<'exclusive' | 'reverse', boolean>;
      const axis = tf.util.parseAxisParam(attrs['axis'] as number, x.shape)[0]!;
      const y = backend.output(x.shape);
      if (sizeOf(y) === 0) return y;
      const [from, to] = [backend.address(x), backend.address(y)];
      backend.wasm.scan(from, to, ...around(x, axis), exclusive, reverse, product);
      return y;
    },
  };
}

function place(name: string, smallest: boolean): FastKernel {
  return {
    name,
    run({ inputs, attrs, backend }) {
      const x = inputs['x']!;
      if (!isFloat(x) || x.shape.length === 0) return undefined;
      const axis = tf.util.parseAxisParam(attrs['axis'] as number, x.shape)[0]!;
      const shape = x.shape.filter((_, d) => d !== axis);
      const y = backend.output(shape, 'int32');
      if (sizeOf(y) === 0) return y;
      if (x.shape[axis] === 0) {
        backend.wasm.fillWords(backend.address(y), sizeOf(y), 0);
        return y;
      }
      backend.wasm.argReduce(backend.address(x), backend.address(y), ...around(x, axis), smallest);
      return y;
    },
  };
}

export const scanKernels: readonly FastKernel[] = [
  running('Cumsum', false),
  running('Cumprod', true),
  place('ArgMax', false),
  place('ArgMin', true),
];
