import * as tf from '@tensorflow/tfjs';
import type { WasmBackend } from '../backend';
import { declaredKernel, type FastKernel, isFloat, sizeOf } from './kernel';
import { constant, reducedShape } from './nothing';
import { REDUCTION } from './operations';
import { transpose } from './shape';
import { MAX_LOOP_RANK } from './strides';

/** op over `axes` of x, times `scale`. */
function reduce(
  backend: WasmBackend,
  op: number,
  x: tf.TensorInfo,
  axes: readonly number[],
  keepDims: boolean,
  scale: number,
): tf.TensorInfo {
  const { shape, length } = reducedShape(x, axes, keepDims);
  const y = backend.output(shape);
  if (sizeOf(y) === 0) return y;
  const outer = outerOf(x, axes);
  if (outer !== undefined) {
    reduceMiddle(backend, op, backend.address(x), y, outer, length, sizeOf(y) / outer, scale);
    return y;
  }
  const moved = transpose(backend, x, reducedLast(x, axes));
  reduceMiddle(backend, op, backend.address(moved), y, sizeOf(y), length, 1, scale);
  backend.disposeIntermediateTensorInfo(moved);
  return y;
}

/** The size before `axes`, in their order, if they lie side by side; x must not be empty. */
function outerOf({ shape }: tf.TensorInfo, axes: readonly number[]): number | undefined {
  const [first = shape.length] = axes;
  const between = product(shape.slice(first, (axes.at(-1) ?? first) + 1));
  const isMiddle = axes.length === 0 || between === product(axes.map((d) => shape[d]!));
  return isMiddle ? product(shape.slice(0, first)) : undefined;
}

/** The dimensions of x, those of `axes` behind the others. */
function reducedLast({ shape }: tf.TensorInfo, axes: readonly number[]): number[] {
  return [...shape.map((_, d) => d).filter((d) => !axes.includes(d)), ...axes];
}

/** y = scale · op over the middle of [outer, length, inner] at the address x. */
export function reduceMiddle(
  backend: WasmBackend,
  op: number,
  x: number,
  y: tf.TensorInfo,
  outer: number,
  length: number,
  inner: number,
  scale: number,
): void {
  const { wasm } = backend;
  const partials = outer * wasm.reduceChunks(length, inner) * inner;
  backend.withWorkspace(partials * 4, (partial) =>
    wasm.reduceOp(op, x, partial, backend.address(y), outer, length, inner, scale),
  );
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}

/** Of no integers. The stock kernels make 0 of them, which is right for sums alone. */
const OF_NO_INTEGERS: Partial<Record<string, { dtype: 'float32' | 'int32'; value: number }>> = {
  Max: { dtype: 'int32', value: -(2 ** 31) },
  Min: { dtype: 'int32', value: 2 ** 31 - 1 },
  Mean: { dtype: 'float32', value: NaN },
};

/** `axis` names the attribute that holds the axes: the stock kernels do not agree. */
function kernel(name: string, op: number, axis: string, isMean = false): FastKernel {
  return {
    name,
    run({ inputs, attrs, backend }) {
      const x = inputs['x']!;
      if (x.shape.length > MAX_LOOP_RANK) return undefined;
      const axes = tf.util.parseAxisParam(attrs[axis] as number[], x.shape).sort((a, b) => a - b);
      const keepDims = attrs['keepDims'] === true;
      const { shape, length } = reducedShape(x, axes, keepDims);
      if (isFloat(x)) return reduce(backend, op, x, axes, keepDims, isMean ? 1 / length : 1);
      const nothing = x.dtype === 'int32' && length === 0 ? OF_NO_INTEGERS[name] : undefined;
      return nothing && constant(backend, shape, nothing.dtype, nothing.value);
    },
  };
}

const extremumGrad = declaredKernel('ExtremumGrad', ({ inputs: { x, y, dy }, attrs, backend }) => {
  if (sizeOf(x) === 0) return backend.output(x.shape);
  const axes = [...attrs.axes].sort((a, b) => a - b);
  const length = product(axes.map((d) => x.shape[d]!));
  const { wasm } = backend;
  const gradientOf = (of: tf.TensorInfo, outer: number) => {
    const dx = backend.output(of.shape);
    const [to, inner] = [backend.address(dx), sizeOf(y) / outer];
    const [ofY, ofDy] = [backend.address(y), backend.address(dy)];
    wasm.extremumGrad(backend.address(of), ofY, ofDy, to, outer, length, inner);
    return dx;
  };
  const outer = outerOf(x, axes);
  if (outer !== undefined) return gradientOf(x, outer);
  const order = reducedLast(x, axes);
  const moved = transpose(backend, x, order);
  const gradient = gradientOf(moved, sizeOf(y));
  const places = x.shape.map((_, d) => order.indexOf(d));
  const dx = transpose(backend, gradient, places);
  for (const one of [moved, gradient]) backend.disposeIntermediateTensorInfo(one);
  return dx;
});

export const reductionKernels: readonly FastKernel[] = [
  kernel('Sum', REDUCTION.Sum, 'axis'),
  kernel('Mean', REDUCTION.Sum, 'axis', true),
  kernel('Max', REDUCTION.Max, 'reductionIndices'),
  kernel('Min', REDUCTION.Min, 'axis'),
  kernel('Prod', REDUCTION.Product, 'axis'),
  extremumGrad,
];
