import * as tf from '@tensorflow/tfjs';
import { epilogueOf } from './activation';
import { binary } from './elementwise';
import { declaredKernel, type FastKernel, isFloat, type KernelArguments, sizeOf } from './kernel';
import { BINARY } from './operations';
import { stridesOf } from './strides';

interface MatMulAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly activation?: string;
  readonly leakyreluAlpha?: number;
}

const dense = declaredKernel('Dense', ({ inputs: { x, kernel, bias }, backend }) =>
  matMul({
    inputs: { a: x, b: kernel, ...(bias && { bias }) },
    attrs: { transposeA: false, transposeB: false },
    backend,
  }),
);

/** [..., m, k]·[..., k, n] with optional transposes, bias and activation; batches broadcast. */
export function matMul({ inputs, attrs, backend }: KernelArguments): tf.TensorInfo | undefined {
  const { a, b, bias, preluActivationWeights } = inputs as Record<string, tf.TensorInfo>;
  const options = attrs as unknown as MatMulAttributes;
  const { transposeA, transposeB } = options;
  const epilogue = epilogueOf(backend, options, preluActivationWeights);
  if (!isFloat(a, b, bias) || epilogue === undefined) return undefined;
  const left = splitShape(a!.shape, transposeA);
  const right = splitShape(b!.shape, transposeB);
  const [m, k, n] = [left.rows, left.columns, right.columns];
  if (k !== right.rows) return undefined;
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(left.batch, right.batch);
  const leftOf = matrixOf(left.batch, batch);
  const rightOf = matrixOf(right.batch, batch);
  const y = backend.output([...batch, m, n]);
  if (sizeOf(y) === 0) return y;
  // The tiles add a bias per column only to products of rows; others are added afterwards.
  const columnBias =
    bias !== undefined && sizeOf(bias) === n && bias.shape[bias.shape.length - 1] === n;
  const fused = !transposeA && (bias === undefined || columnBias);
  const { wasm } = backend;
  const biasAddress = fused && bias !== undefined ? backend.address(bias) : 0;
  const activation = fused ? epilogue.activation : 0;
  const { alpha } = epilogue;
  const [depthStride, columnStride] = transposeB ? [1, k] : [n, 1];
  const isPlain = !transposeA && k > 0 && wasm.takesPlain(m);
  backend.withWorkspace(isPlain ? 0 : wasm.packedBytes(k, n), (packed) => {
    let packedMatrix = -1;
    for (let i = 0; i < tf.util.sizeFromShape(batch); i++) {
      const from = backend.address(a!) + leftOf(i) * m * k * 4;
      const to = backend.address(y) + i * m * n * 4;
      const matrix = backend.address(b!) + rightOf(i) * k * n * 4;
      if (isPlain) {
        wasm.matMulFewRows(
          from,
          matrix,
          to,
          biasAddress,
          m,
          k,
          n,
          k,
          activation,
          alpha,
          depthStride!,
          columnStride!,
        );
        continue;
      }
      if (rightOf(i) !== packedMatrix) {
        packedMatrix = rightOf(i);
        wasm.packB(packed, matrix, k, n, depthStride!, columnStride!);
      }
      if (k === 0) wasm.fillFloat(to, m * n, 0);
      else if (transposeA) wasm.matMulColumns(from, packed, to, m, k, n, m, 1, false);
      else wasm.matMulRows(from, packed, to, biasAddress, m, k, n, k, activation, alpha, 1);
    }
  });
  if (fused && k > 0) return epilogue.finish(y, true);
  if (bias === undefined) return epilogue.finish(y, false);
  const biased = binary(backend, BINARY.Add, y, bias)!;
  backend.disposeIntermediateTensorInfo(y);
  return epilogue.finish(biased, false);
}

/** Which matrix of an operand with batches `from` the i-th of the broadcast batches `to` takes. */
function matrixOf(from: readonly number[], to: readonly number[]): (i: number) => number {
  const own = stridesOf(from);
  const all = stridesOf(to);
  const missing = to.length - from.length;
  return (i) =>
    from.reduce((sum, size, d) => {
      const index = Math.floor(i / all[d + missing]!) % to[d + missing]!;
      return sum + (size === 1 ? 0 : index * own[d]!);
    }, 0);
}

function splitShape(shape: readonly number[], transposed: boolean) {
  const batch = shape.slice(0, -2);
  const [first, second] = shape.slice(-2) as [number, number];
  return {
    batch,
    rows: transposed ? second : first,
    columns: transposed ? first : second,
  };
}

export const matMulKernels: readonly FastKernel[] = [
  { name: 'BatchMatMul', run: matMul },
  { name: '_FusedMatMul', run: matMul },
  dense,
];
