import * as tf from '@tensorflow/tfjs';
import type { WasmBackend } from '../backend';
import { type FastKernel, isFloat, sizeOf } from './kernel';
import { BINARY, CAST, COMPARISON, INT32_COMPARISON, UNARY } from './operations';
import { collapse, MAX_LOOP_RANK, stridesOf, writeLoop } from './strides';

/** y = op(x) in new memory. */
export function unary(
  backend: WasmBackend,
  op: number,
  x: tf.TensorInfo,
  p = 0,
  q = 0,
): tf.TensorInfo {
  const y = backend.output(x.shape);
  const n = sizeOf(x);
  if (n > 0) backend.wasm.unaryOp(op, backend.address(x), backend.address(y), n, p, q);
  return y;
}

/** The names of an operation's parameters, for those that have any. */
const PARAMETERS: Partial<Record<string, readonly string[]>> = {
  LeakyRelu: ['alpha'],
  Step: ['alpha'],
  ClipByValue: ['clipValueMin', 'clipValueMax'],
};

const unaryKernels = Object.entries(UNARY).map(([name, op]): FastKernel => ({
  name,
  run({ inputs, attrs, backend }) {
    const x = inputs['x']!;
    if (!isFloat(x)) return undefined;
    const [p, q] = (PARAMETERS[name] ?? []).map((key) => attrs[key] as number);
    return unary(backend, op, x, p, q);
  },
}));

/** y = op(a, b) with NumPy's broadcasting; undefined if the shapes need more dimensions than there are. */
export function binary(
  backend: WasmBackend,
  op: number,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  dtype: 'float32' | 'bool' = 'float32',
): tf.TensorInfo | undefined {
  const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const loop = collapse({
    sizes: shape,
    a: broadcastStrides(a.shape, shape),
    b: broadcastStrides(b.shape, shape),
  });
  if (loop.sizes.length > MAX_LOOP_RANK) return undefined;
  const y = backend.output(shape, dtype);
  if (sizeOf(y) === 0) return y;
  const rank = loop.sizes.length - 1;
  const inner = loop.sizes[rank]!;
  const outer = loop.sizes.slice(0, rank).reduce((product, size) => product * size, 1);
  writeLoop(backend.wasm, backend.runtime.memory, loop);
  backend.wasm.binaryOp(
    op,
    backend.address(a),
    backend.address(b),
    backend.address(y),
    outer,
    inner,
    rank,
    loop.a[rank]!,
    loop.b[rank]!,
  );
  return y;
}

function broadcastStrides(from: readonly number[], to: readonly number[]): number[] {
  const strides = stridesOf(from);
  const missing = to.length - from.length;
  return to.map((_, d) => (d < missing || from[d - missing] === 1 ? 0 : strides[d - missing]!));
}

/** Inputs are called a and b but for these. */
const OPERANDS: Partial<Record<string, readonly [string, string]>> = {
  EluGrad: ['dy', 'y'],
  Prelu: ['x', 'alpha'],
};

/** Squares are by far the most frequent powers. */
function isSquare(name: string, backend: WasmBackend, exponent: tf.TensorInfo): boolean {
  return name === 'Pow' && exponent.shape.length === 0 && backend.values(exponent)[0] === 2;
}

function binaryKernel(name: string, op: number, dtype: 'float32' | 'bool'): FastKernel {
  const [left, right] = OPERANDS[name] ?? ['a', 'b'];
  return {
    name,
    run({ inputs, backend }) {
      const a = inputs[left]!;
      const b = inputs[right]!;
      if (isFloat(a, b) && isSquare(name, backend, b)) return unary(backend, UNARY.Square, a);
      if (isFloat(a, b)) return binary(backend, op, a, b, dtype);
      const integers = a.dtype === 'int32' && b.dtype === 'int32';
      if (dtype !== 'bool' || !integers) return undefined;
      return binary(backend, op + INT32_COMPARISON, a, b, dtype);
    },
  };
}

const select: FastKernel = {
  name: 'Select',
  run({ inputs, backend }) {
    const { condition, t, e } = inputs as Record<'condition' | 't' | 'e', tf.TensorInfo>;
    const same =
      tf.util.arraysEqual(condition.shape, t.shape) && tf.util.arraysEqual(t.shape, e.shape);
    const words = t.dtype === e.dtype && (isFloat(t) || t.dtype === 'int32');
    if (!words || condition.dtype !== 'bool' || !same) return undefined;
    const y = backend.output(t.shape, t.dtype);
    const [mask, a, b] = [condition, t, e].map((x) => backend.address(x)) as [
      number,
      number,
      number,
    ];
    if (sizeOf(y) > 0) backend.wasm.selectOp(mask, a, b, backend.address(y), sizeOf(y));
    return y;
  },
};

/**
 * The stock kernel gives a bool tensor another dtype without changing its bytes, which kernels that
 * read words would misread.
 */
const cast: FastKernel = {
  name: 'Cast',
  run({ inputs, attrs, backend }) {
    const x = inputs['x']!;
    const dtype = attrs['dtype'] as tf.DataType;
    const kind = CAST[x.dtype]?.[dtype];
    if (kind === undefined) return undefined;
    const y = backend.output(x.shape, dtype);
    const [from, to] = [backend.address(x), backend.address(y)];
    if (sizeOf(x) > 0) backend.wasm.castOp(from, to, sizeOf(x), kind);
    return y;
  },
};

export function filled(
  backend: WasmBackend,
  shape: readonly number[],
  value: number,
): tf.TensorInfo {
  const y = backend.output(shape);
  if (sizeOf(y) > 0) backend.wasm.fillFloat(backend.address(y), sizeOf(y), value);
  return y;
}

/** n int32 of the same value. */
function filledInt(backend: WasmBackend, shape: readonly number[], value: number): tf.TensorInfo {
  const y = backend.output(shape, 'int32');
  if (sizeOf(y) > 0) backend.wasm.fillWords(backend.address(y), sizeOf(y), value);
  return y;
}

const fills: FastKernel[] = [
  {
    name: 'Fill',
    run({ attrs, backend }) {
      const { shape, value, dtype } = attrs as { shape: number[]; value: unknown; dtype?: string };
      if (typeof value !== 'number') return undefined;
      if (dtype === 'int32') return filledInt(backend, shape, value);
      return dtype === undefined || dtype === 'float32' ? filled(backend, shape, value) : undefined;
    },
  },
  ...(['ZerosLike', 'OnesLike'] as const).map((name): FastKernel => ({
    name,
    run({ inputs, backend }) {
      const x = inputs['x']!;
      const value = name === 'OnesLike' ? 1 : 0;
      if (x.dtype === 'int32') return filledInt(backend, x.shape, value);
      return isFloat(x) ? filled(backend, x.shape, value) : undefined;
    },
  })),
];

const addN: FastKernel = {
  name: 'AddN',
  run({ inputs, backend }) {
    const all = inputs as unknown as tf.TensorInfo[];
    if (all.length < 2 || !isFloat(...all)) return undefined;
    let sum = binary(backend, BINARY.Add, all[0]!, all[1]!)!;
    for (const next of all.slice(2)) {
      const before = sum;
      sum = binary(backend, BINARY.Add, before, next)!;
      backend.disposeIntermediateTensorInfo(before);
    }
    return sum;
  },
};

export const elementwiseKernels: readonly FastKernel[] = [
  ...unaryKernels,
  ...Object.entries(BINARY).map(([name, op]) => binaryKernel(name, op, 'float32')),
  ...Object.entries(COMPARISON).map(([name, op]) => binaryKernel(name, op, 'bool')),
  select,
  cast,
  ...fills,
  addN,
];
