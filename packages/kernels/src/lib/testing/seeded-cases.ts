import * as tf from '@tensorflow/tfjs';

/** A small linear congruential generator: the cases are the same in every run. */
export class Cases {
  #state: number;
  constructor(seed: number) {
    this.#state = seed;
  }
  next(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return this.#state / 2 ** 32;
  }
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }
  pick<T>(items: readonly T[]): T {
    return items[this.integer(0, items.length - 1)]!;
  }
  values(count: number, low = -2, high = 2): Float32Array {
    return Float32Array.from({ length: count }, () => low + (high - low) * this.next());
  }
  shape(rank: number, most: number): number[] {
    return Array.from({ length: rank }, () => this.integer(1, most));
  }
  /** Values with an infinity, a NaN, a denormal or a signed zero at about one place in eight. */
  special(shape: number[]): Plain {
    const values = this.values(tf.util.sizeFromShape(shape));
    for (let i = 0; i < values.length; i++) {
      if (this.next() < 0.125) values[i] = this.pick([NaN, Infinity, -Infinity, 1e-40, 0, -0]);
    }
    return { shape, values };
  }
  tensor(shape: number[], low?: number, high?: number): Plain {
    return { shape, values: this.values(tf.util.sizeFromShape(shape), low, high) };
  }
  /**
   * Multiples of 1/4 (of 1 for integers) from low to high, 0 or 1 for bool: sums and products of a few
   * thousand are exact in float32, in whatever order they are computed.
   */
  grid(shape: number[], dtype: NonNullable<Plain['dtype']> = 'float32', low = -3, high = 3): Plain {
    const size = tf.util.sizeFromShape(shape);
    if (dtype === 'float32') {
      const values = Float32Array.from({ length: size }, () => this.integer(4 * low, 4 * high) / 4);
      return { shape, values, dtype };
    }
    const [from, to] = dtype === 'bool' ? [0, 1] : [low, high];
    return {
      shape,
      values: Int32Array.from({ length: size }, () => this.integer(from, to)),
      dtype,
    };
  }
}

/** A tensor's values, on no backend. */
export interface Plain {
  readonly shape: number[];
  readonly values: Float32Array | Int32Array;
  readonly dtype?: 'float32' | 'int32' | 'bool';
}

/** A tensor of a case, as its shape and its values. */
export function plain(
  shape: number[],
  values: readonly number[],
  dtype: NonNullable<Plain['dtype']> = 'float32',
): Plain {
  const array = dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values);
  return { shape, values: array, dtype };
}

/** Numbers at which something ends or turns. */
export const specialNumbers: readonly number[] = [
  ...[0, -0, 1, -1, 0.5, -0.5, 2.5],
  ...[NaN, Infinity, -Infinity, 1e-40, -1e-40],
];
