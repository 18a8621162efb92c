import type {
  KernelArguments as DeclaredArguments,
  KernelName,
  KernelResult,
} from '@ganloom/kernels';
import * as tf from '@tensorflow/tfjs';
import type { WasmBackend } from '../backend';

/** The name under which the backend is registered. */
export const BACKEND_NAME = 'ganloom-wasm';

export interface KernelArguments {
  readonly inputs: Record<string, tf.TensorInfo>;
  readonly attrs: Record<string, unknown>;
  readonly backend: WasmBackend;
}

/**
 * A fast kernel, or `undefined` for arguments it does not cover (another dtype, NCHW, …), which then
 * run through the stock CPU kernel of the same name.
 */
export interface FastKernel {
  readonly name: string;
  run(args: KernelArguments): tf.TensorInfo | tf.TensorInfo[] | undefined;
}

/** A kernel beyond TensorFlow.js, of what `@ganloom/kernels` declares under its name. */
export function declaredKernel<Name extends KernelName>(
  name: Name,
  run: (args: DeclaredArguments<Name, WasmBackend>) => KernelResult<Name> | undefined,
): FastKernel {
  return { name, run: run as unknown as FastKernel['run'] };
}

export function isFloat(...tensors: (tf.TensorInfo | undefined)[]): boolean {
  return tensors.every((t) => t === undefined || t.dtype === 'float32');
}

export function sizeOf(tensor: tf.TensorInfo): number {
  return tf.util.sizeFromShape(tensor.shape);
}
