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

/** Activations that take one more pass over the output. */
const IN_PLACE: Partial<Record<string, number>> = {
  relu6: UNARY.Relu6,
  elu: UNARY.Elu,
  sigmoid: UNARY.Sigmoid,
};

export interface Epilogue {
  readonly activation: number;
  readonly alpha: number;
  /** What is left to do after the product; takes the output over. */
  finish(output: tf.TensorInfo): tf.TensorInfo;
}

/** How to apply a fused activation, or undefined if it is not known here. */
export function epilogueOf(
  backend: WasmBackend,
  { activation = 'linear', leakyreluAlpha = 0.2 }: FusedAttributes,
  preluAlpha: tf.TensorInfo | undefined,
): Epilogue | undefined {
  const inTile = IN_TILE[activation];
  if (inTile !== undefined) {
    return { activation: inTile, alpha: leakyreluAlpha, finish: (output) => output };
  }
  const inPlace = IN_PLACE[activation];
  if (inPlace !== undefined) {
    return {
      activation: 0,
      alpha: 0,
      finish(output) {
        const at = backend.address(output);
        if (sizeOf(output) > 0) backend.wasm.unaryOp(inPlace, at, at, sizeOf(output), 0, 0);
        return output;
      },
    };
  }
  if (activation === 'prelu' && preluAlpha !== undefined) {
    return {
      activation: 0,
      alpha: 0,
      finish(output) {
        const result = binary(backend, BINARY.Prelu, output, preluAlpha)!;
        backend.disposeIntermediateTensorInfo(output);
        return result;
      },
    };
  }
  return undefined;
}
