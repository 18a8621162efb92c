import type * as tf from '@tensorflow/tfjs';

/** Attributes of the kernel `RandomNormal`. */
export interface RandomNormalAttrs {
  /** The two 32-bit words of the key, as unsigned integers. */
  readonly key0: number;
  readonly key1: number;
  /** The counter of the first block of four words, an integer from 0 to 2⁵³ − 1. */
  readonly position: number;
  readonly shape: readonly number[];
  readonly mean: number;
  /** Standard deviation. */
  readonly stddev: number;
}

/**
 * Normal numbers of a seeded stream: the Box–Muller transform of the words of Philox4x32-10 (Salmon
 * et al. 2011) with the counters position, position + 1, …
 *
 * With words w₀, w₁ of a pair: r = √(−2 ln((w₀ + ½) / 2³²)),  φ = 2π w₁ / 2³²,
 * y₀ = mean + stddev · r cos φ,  y₁ = mean + stddev · r sin φ
 *
 * A value depends on its place in the stream, never on the number of threads; its last bits depend on
 * the backend, and on `backend-wasm` of ganloom on whether it uses relaxed SIMD.
 */
export interface RandomNormal {
  readonly inputs: Readonly<Record<string, never>>;
  readonly attrs: RandomNormalAttrs;
  /** float32 of the shape that is asked for. */
  readonly outputs: tf.Tensor;
}
