import * as tf from '@tensorflow/tfjs';
import type { WasmBackend } from '../backend';
import { type FastKernel, isFloat, sizeOf } from './kernel';
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
  const [outShape, reducedShape] = tf.backend_util.computeOutAndReduceShapes(x.shape, [...axes]);
  const shape = keepDims ? tf.backend_util.expandShapeToKeepDim(outShape, [...axes]) : outShape;
  const y = backend.output(shape);
  const outer = axes.length === 0 ? sizeOf(x) : product(x.shape.slice(0, axes[0]));
  const between =
    axes.length === 0 ? 1 : product(x.shape.slice(axes[0], axes[axes.length - 1]! + 1));
  const length = product(reducedShape);
  if (sizeOf(y) === 0) return y;
  if (between === length && outer > 0) {
    reduceMiddle(backend, op, backend.address(x), y, outer, length, sizeOf(y) / outer, scale);
    return y;
  }
  const kept = x.shape.map((_, d) => d).filter((d) => !axes.includes(d));
  const moved = transpose(backend, x, [...kept, ...axes]);
  reduceMiddle(backend, op, backend.address(moved), y, sizeOf(y), length, 1, scale);
  backend.disposeIntermediateTensorInfo(moved);
  return y;
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

/** `axis` names the attribute that holds the axes: the stock kernels do not agree. */
function kernel(name: string, op: number, axis: string, isMean = false): FastKernel {
  return {
    name,
    run({ inputs, attrs, backend }) {
      const x = inputs['x']!;
      if (!isFloat(x) || x.shape.length > MAX_LOOP_RANK) return undefined;
      const axes = tf.util.parseAxisParam(attrs[axis] as number[], x.shape).sort((a, b) => a - b);
      const length = product(axes.map((d) => x.shape[d]!));
      return reduce(backend, op, x, axes, attrs['keepDims'] === true, isMean ? 1 / length : 1);
    },
  };
}

/**
 * { x, y, dy } → dx, the gradient of y, the greatest or least elements of x over `axes`, of which there
 * is at least one: dy in equal parts for the elements that attain y; not finite where y is not a number. y and dy have the size of x
 * without the axes.
 */
const extremumGrad: FastKernel = {
  name: 'ExtremumGrad',
  run({ inputs, attrs, backend }) {
    const { x, y, dy } = inputs as Record<'x' | 'y' | 'dy', tf.TensorInfo>;
    if (sizeOf(x) === 0) return backend.output(x.shape);
    const axes = [...(attrs['axes'] as number[])].sort((a, b) => a - b);
    const length = product(axes.map((d) => x.shape[d]!));
    const dx = (of: tf.TensorInfo, outer: number) => {
      const to = backend.output(of.shape);
      const [px, py, pdy, pdx] = [of, y, dy, to].map((t) => backend.address(t)) as [
        number,
        number,
        number,
        number,
      ];
      backend.wasm.extremumGrad(px, py, pdy, pdx, outer, length, sizeOf(y) / outer);
      return to;
    };
    if (axes.every((d, i) => d === axes[0]! + i)) return dx(x, product(x.shape.slice(0, axes[0])));
    const kept = x.shape.map((_, d) => d).filter((d) => !axes.includes(d));
    const order = [...kept, ...axes];
    const moved = transpose(backend, x, order);
    const gradient = dx(moved, sizeOf(y));
    const places = x.shape.map((_, d) => order.indexOf(d));
    const back = transpose(backend, gradient, places);
    for (const one of [moved, gradient]) backend.disposeIntermediateTensorInfo(one);
    return back;
  },
};

export const reductionKernels: readonly FastKernel[] = [
  kernel('Sum', REDUCTION.Sum, 'axis'),
  kernel('Mean', REDUCTION.Sum, 'axis', true),
  kernel('Max', REDUCTION.Max, 'reductionIndices'),
  kernel('Min', REDUCTION.Min, 'axis'),
  kernel('Prod', REDUCTION.Product, 'axis'),
  extremumGrad,
];
