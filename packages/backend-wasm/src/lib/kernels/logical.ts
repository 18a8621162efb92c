import * as tf from '@tensorflow/tfjs';
import type { WasmBackend } from '../backend';
import { binary } from './elementwise';
import { type FastKernel, isFloat, sizeOf } from './kernel';
import { LOGICAL, NUMBER_TEST } from './operations';

function logical(
  backend: WasmBackend,
  op: number,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
): tf.TensorInfo | undefined {
  const same = tf.util.arraysEqual(a.shape, b.shape);
  if (a.dtype !== 'bool' || b.dtype !== 'bool' || !same) return undefined;
  const y = backend.output(a.shape, 'bool');
  const [from, other, to] = [a, b, y].map((t) => backend.address(t)) as [number, number, number];
  if (sizeOf(y) > 0) backend.wasm.logicalOp(op, from, other, to, sizeOf(y));
  return y;
}

const ofTwo = (name: 'LogicalAnd' | 'LogicalOr'): FastKernel => ({
  name,
  run: ({ inputs, backend }) => logical(backend, LOGICAL[name], inputs['a']!, inputs['b']!),
});

const not: FastKernel = {
  name: 'LogicalNot',
  run: ({ inputs, backend }) => logical(backend, LOGICAL.LogicalNot, inputs['x']!, inputs['x']!),
};

/** Tests of single numbers run as comparisons of x with itself. */
const numberTests = Object.entries(NUMBER_TEST).map(([name, op]): FastKernel => ({
  name,
  run({ inputs, backend }) {
    const x = inputs['x']!;
    return isFloat(x) ? binary(backend, op, x, x, 'bool') : undefined;
  },
}));

export const logicalKernels: readonly FastKernel[] = [
  ofTwo('LogicalAnd'),
  ofTwo('LogicalOr'),
  not,
  ...numberTests,
];
