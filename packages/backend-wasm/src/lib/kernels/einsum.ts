import * as tf from '@tensorflow/tfjs';
import type { WasmBackend } from '../backend';
import { type FastKernel, isFloat } from './kernel';
import { matMul } from './matmul';
import { transpose } from './shape';

/**
 * Σ of products of two tensors as one batched matrix product: indices that both have and the output
 * too are batches, those that only the output lacks are summed over.
 */
function productOfTwo(
  backend: WasmBackend,
  [a, b]: readonly [tf.TensorInfo, tf.TensorInfo],
  [left, right]: readonly [string, string],
  output: string,
): tf.TensorInfo | undefined {
  const { sizeFromShape } = tf.util;
  const inBoth = left.split('').filter((index) => right.includes(index));
  const batch = inBoth.filter((index) => output.includes(index));
  const summed = inBoth.filter((index) => !output.includes(index));
  const rows = left.split('').filter((index) => !right.includes(index));
  const columns = right.split('').filter((index) => !left.includes(index));
  // An index of one tensor alone that is summed over would make the matrices larger than needed.
  if ([...rows, ...columns].some((index) => !output.includes(index))) return undefined;
  const size = new Map<string, number>();
  left.split('').forEach((index, d) => size.set(index, a.shape[d]!));
  right.split('').forEach((index, d) => size.set(index, b.shape[d]!));
  const sizes = (indices: readonly string[]) => indices.map((index) => size.get(index)!);
  const arranged = (x: tf.TensorInfo, indices: string, order: string[]) =>
    transpose(
      backend,
      x,
      order.map((index) => indices.indexOf(index)),
    );
  const [m, k, n, all] = [rows, summed, columns, batch].map((list) => sizeFromShape(sizes(list)));
  const first = arranged(a, left, [...batch, ...rows, ...summed]);
  const second = arranged(b, right, [...batch, ...summed, ...columns]);
  const product = matMul({
    inputs: {
      a: { ...first, shape: [all!, m!, k!] },
      b: { ...second, shape: [all!, k!, n!] },
    },
    attrs: { transposeA: false, transposeB: false },
    backend,
  })!;
  const order = [...batch, ...rows, ...columns];
  const y = arranged({ ...product, shape: sizes(order) }, order.join(''), output.split(''));
  for (const temporary of [first, second, product])
    backend.disposeIntermediateTensorInfo(temporary);
  return y;
}

const einsum: FastKernel = {
  name: 'Einsum',
  run({ inputs, attrs, backend }) {
    const all = inputs as unknown as tf.TensorInfo[];
    const equation = (attrs['equation'] as string).replace(/\s/g, '');
    const [terms = '', output = ''] = equation.split('->');
    const [left, right, ...others] = terms.split(',');
    const [a, b] = all;
    if (a === undefined || b === undefined || others.length > 0 || !isFloat(...all))
      return undefined;
    const { allDims, idDims } = tf.backend_util.decodeEinsumEquation(equation, all.length);
    tf.backend_util.checkEinsumDimSizes(allDims.length, idDims, all as tf.Tensor[]);
    return productOfTwo(backend, [a, b], [left!, right!], output);
  },
};

export const einsumKernels: readonly FastKernel[] = [einsum];
