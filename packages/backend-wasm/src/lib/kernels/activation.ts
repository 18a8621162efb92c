import * as tf from '@tensorflow/tfjs';
import type { WasmBackend } from '../backend';
import { binary } from './elementwise';
import { sizeOf } from './kernel';
import { BINARY, UNARY } from './operations';

/** What fused kernels of TensorFlow.js take besides their operands. */
export interface FusedAttributes {
  readonly activation?: string;
  readonly leakyreluAlpha?: number;
}

/** Activations that the tiles of a matrix product apply while they hold the values. */
const IN_TILE: Partial<Record<string, number>> = { linear: 0, relu: 1, leakyrelu: 2 };

/** The same, and others, as one more pass over the output. */
const AS_PASS: Partial<Record<string, number>> = {
  relu: UNARY.Relu,
  leakyrelu: UNARY.LeakyRelu,
  relu6: UNARY.Relu6,
  elu: UNARY.Elu,
  sigmoid: UNARY.Sigmoid,
};

export interface Epilogue {
  /** What the tiles apply: a number of assembly/gemm.ts. */
  readonly activation: number;
  readonly alpha: number;
  /** Does what the tiles have not done; takes the output over. */
  finish(output: tf.TensorInfo, appliedInTiles: boolean): tf.TensorInfo;
}

/** How to apply a fused activation, or undefined if it is not known here. */
export function epilogueOf(
  backend: WasmBackend,
  { activation = 'linear', leakyreluAlpha = 0.2 }: FusedAttributes,
  preluAlpha: tf.TensorInfo | undefined,
): Epilogue | undefined {
  const inTile = IN_TILE[activation];
  const pass = AS_PASS[activation];
  const isPrelu = activation === 'prelu' && preluAlpha !== undefined;
  if (inTile === undefined && pass === undefined && !isPrelu) return undefined;
  return {
    activation: inTile ?? 0,
    alpha: leakyreluAlpha,
    finish(output, appliedInTiles) {
      if (inTile === 0 || (inTile !== undefined && appliedInTiles)) return output;
      if (isPrelu) {
        const result = binary(backend, BINARY.Prelu, output, preluAlpha)!;
        backend.disposeIntermediateTensorInfo(output);
        return result;
      }
      const at = backend.address(output);
      if (sizeOf(output) > 0)
        backend.wasm.unaryOp(pass!, at, at, sizeOf(output), leakyreluAlpha, 0);
      return output;
    },
  };
}
