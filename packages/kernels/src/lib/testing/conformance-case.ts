import * as tf from '@tensorflow/tfjs';
import type { KernelName } from '../kernel-types';
import type { Plain } from './seeded-cases';

/** A function of tensors, as a case computes it. */
export type Op = (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];

/** An operation whose results are compared with those of the stock cpu backend. */
export interface ConformanceCase {
  readonly inputs: readonly Plain[];
  readonly op: Op;
  /** Allowed error, relative and absolute; 2e-5 each unless given. */
  readonly rtol?: number;
  readonly atol?: number;
  /** What cpu computes instead, where its own kernel is wrong or missing. */
  readonly reference?: Op;
}

/** Cases that are checked together. */
export interface ConformanceTest {
  /** No other test has it. */
  readonly name: string;
  /** The same ones at each call. */
  readonly cases: () => Iterable<ConformanceCase>;
  /** The kernels beyond TensorFlow.js that it runs. */
  readonly kernels?: readonly KernelName[];
}

/** Tests under one heading. */
export interface ConformanceFamily {
  readonly title: string;
  readonly tests: readonly ConformanceTest[];
}

/** For references that were computed in float64. */
export const float32 = (values: ArrayLike<number>, shape: readonly number[]): tf.Tensor =>
  tf.tensor(Float32Array.from(values), [...shape]);
