import * as tf from '@tensorflow/tfjs';
import type { FastKernel } from './kernel';
import { concat, isWord, slice } from './shape';

const split: FastKernel = {
  name: 'SplitV',
  run({ inputs, attrs, backend }) {
    const x = inputs['x']!;
    if (!isWord(x)) return undefined;
    const axis = tf.util.parseAxisParam(attrs['axis'] as number, x.shape)[0]!;
    const parts = attrs['numOrSizeSplits'] as number | number[];
    const begin = x.shape.map(() => 0);
    return tf.backend_util.prepareSplitSize(x as tf.Tensor, parts, axis).map((part) => {
      const size = x.shape.map((whole, d) => (d === axis ? part : whole));
      const y = slice(backend, x, begin, size);
      begin[axis]! += part;
      return y;
    });
  },
};

const unpack: FastKernel = {
  name: 'Unpack',
  run({ inputs, attrs, backend }) {
    const x = inputs['value']!;
    if (!isWord(x)) return undefined;
    const axis = tf.util.parseAxisParam(attrs['axis'] as number, x.shape)[0]!;
    const size = x.shape.map((whole, d) => (d === axis ? 1 : whole));
    const shape = x.shape.filter((_, d) => d !== axis);
    return Array.from({ length: x.shape[axis]! }, (_, i) => {
      const begin = x.shape.map((_whole, d) => (d === axis ? i : 0));
      return { ...slice(backend, x, begin, size), shape };
    });
  },
};

const pack: FastKernel = {
  name: 'Pack',
  run({ inputs, attrs, backend }) {
    const all = inputs as unknown as tf.TensorInfo[];
    const first = all[0]!;
    if (!isWord(...all) || all.some((t) => t.dtype !== first.dtype)) return undefined;
    const at = attrs['axis'] as number;
    const axis = at < 0 ? at + first.shape.length + 1 : at;
    return concat(
      backend,
      all.map((t) => {
        tf.util.assertShapesMatch(t.shape, first.shape, 'tf.stack: ');
        return { ...t, shape: [...t.shape.slice(0, axis), 1, ...t.shape.slice(axis)] };
      }),
      axis,
    );
  },
};

export const stackingKernels: readonly FastKernel[] = [split, unpack, pack];
