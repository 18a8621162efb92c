import * as tf from '@tensorflow/tfjs';
import type { WasmBackend } from '../backend';
import { type FastKernel, sizeOf } from './kernel';
import { collapse, type Loop, MAX_LOOP_RANK, stridesOf, writeLoop } from './strides';

/** Strided copies move 32-bit words, whatever they mean. */
export function isWord(...tensors: tf.TensorInfo[]): boolean {
  return tensors.every((t) => t.dtype === 'float32' || t.dtype === 'int32');
}

/**
 * Copies over a loop whose `a` strides walk the source and `b` strides the target; offsets and
 * strides in elements.
 */
export function copyLoop(
  backend: WasmBackend,
  from: number,
  to: number,
  loop: Loop,
  fromOffset = 0,
  toOffset = 0,
): void {
  if (loop.sizes.includes(0)) return;
  const flat = collapse(loop);
  writeLoop(backend.wasm, backend.runtime.memory, flat);
  backend.wasm.stridedCopy(from + 4 * fromOffset, to + 4 * toOffset, flat.sizes.length);
}

export function transpose(
  backend: WasmBackend,
  x: tf.TensorInfo,
  perm: readonly number[],
): tf.TensorInfo {
  const shape = perm.map((d) => x.shape[d]!);
  const y = backend.output(shape, x.dtype);
  const strides = stridesOf(x.shape);
  const loop = { sizes: shape, a: perm.map((d) => strides[d]!), b: stridesOf(shape) };
  copyLoop(backend, backend.address(x), backend.address(y), loop);
  return y;
}

const transposeKernel: FastKernel = {
  name: 'Transpose',
  run({ inputs, attrs, backend }) {
    const x = inputs['x']!;
    if (!isWord(x) || x.shape.length > MAX_LOOP_RANK) return undefined;
    return transpose(backend, x, attrs['perm'] as number[]);
  },
};

export function slice(
  backend: WasmBackend,
  x: tf.TensorInfo,
  begin: readonly number[],
  size: readonly number[],
): tf.TensorInfo {
  const y = backend.output(size, x.dtype);
  const strides = stridesOf(x.shape);
  const offset = begin.reduce((sum, at, d) => sum + at * strides[d]!, 0);
  const loop = { sizes: [...size], a: strides, b: stridesOf(size) };
  copyLoop(backend, backend.address(x), backend.address(y), loop, offset);
  return y;
}

const sliceKernel: FastKernel = {
  name: 'Slice',
  run({ inputs, attrs, backend }) {
    const x = inputs['x']!;
    if (!isWord(x)) return undefined;
    const { begin: b, size: s } = attrs as { begin: number | number[]; size: number | number[] };
    const [begin, size] = tf.slice_util.parseSliceParams(x as tf.Tensor, b, s);
    tf.slice_util.assertParamsValid(x as tf.Tensor, begin!, size!);
    return slice(backend, x, begin!, size!);
  },
};

/** All tensors have the same dtype, of words. */
export function concat(
  backend: WasmBackend,
  all: readonly tf.TensorInfo[],
  axis: number,
): tf.TensorInfo {
  const shapes = all.map((t) => t.shape);
  const y = backend.output(tf.backend_util.computeOutShape(shapes, axis), all[0]!.dtype);
  const strides = stridesOf(y.shape);
  let at = 0;
  for (const x of all) {
    const loop = { sizes: x.shape, a: stridesOf(x.shape), b: strides };
    copyLoop(backend, backend.address(x), backend.address(y), loop, 0, at * strides[axis]!);
    at += x.shape[axis]!;
  }
  return y;
}

const concatKernel: FastKernel = {
  name: 'Concat',
  run({ inputs, attrs, backend }) {
    const all = inputs as unknown as tf.TensorInfo[];
    const first = all[0]!;
    if (!isWord(...all) || all.some((t) => t.dtype !== first.dtype)) return undefined;
    const axis = tf.util.parseAxisParam(attrs['axis'] as number, first.shape)[0]!;
    tf.backend_util.assertParamsConsistent(
      all.map((t) => t.shape),
      axis,
    );
    return concat(backend, all, axis);
  },
};

const pad: FastKernel = {
  name: 'PadV2',
  run({ inputs, attrs, backend }) {
    const x = inputs['x']!;
    const { paddings, constantValue } = attrs as {
      paddings: [number, number][];
      constantValue: number;
    };
    if (x.dtype !== 'float32') return undefined;
    const shape = x.shape.map((size, d) => size + paddings[d]![0] + paddings[d]![1]);
    const y = backend.output(shape);
    const strides = stridesOf(shape);
    if (sizeOf(y) > 0) backend.wasm.fillFloat(backend.address(y), sizeOf(y), constantValue);
    const offset = paddings.reduce((sum, [before], d) => sum + before * strides[d]!, 0);
    const loop = { sizes: x.shape, a: stridesOf(x.shape), b: strides };
    copyLoop(backend, backend.address(x), backend.address(y), loop, 0, offset);
    return y;
  },
};

const tile: FastKernel = {
  name: 'Tile',
  run({ inputs, attrs, backend }) {
    const x = inputs['x']!;
    const reps = attrs['reps'] as number[];
    if (!isWord(x) || 2 * x.shape.length > MAX_LOOP_RANK) return undefined;
    const y = backend.output(
      x.shape.map((size, d) => size * reps[d]!),
      x.dtype,
    );
    const from = stridesOf(x.shape);
    const to = stridesOf(y.shape);
    const loop = {
      sizes: x.shape.flatMap((size, d) => [reps[d]!, size]),
      a: from.flatMap((stride) => [0, stride]),
      b: to.flatMap((stride, d) => [stride * x.shape[d]!, stride]),
    };
    copyLoop(backend, backend.address(x), backend.address(y), loop);
    return y;
  },
};

const reverse: FastKernel = {
  name: 'Reverse',
  run({ inputs, attrs, backend }) {
    const x = inputs['x']!;
    if (!isWord(x) || x.shape.length === 0) return undefined;
    const axes = tf.util.parseAxisParam(attrs['dims'] as number[], x.shape);
    const y = backend.output(x.shape, x.dtype);
    const strides = stridesOf(x.shape);
    const offset = axes.reduce((sum, d) => sum + (x.shape[d]! - 1) * strides[d]!, 0);
    const loop = {
      sizes: x.shape,
      a: strides.map((stride, d) => (axes.includes(d) ? -stride : stride)),
      b: strides,
    };
    copyLoop(backend, backend.address(x), backend.address(y), loop, offset);
    return y;
  },
};

export const shapeKernels: readonly FastKernel[] = [
  transposeKernel,
  sliceKernel,
  concatKernel,
  pad,
  tile,
  reverse,
];
