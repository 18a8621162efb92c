import { hasKernel, runKernel } from '@ganloom/kernels';
import * as tf from '@tensorflow/tfjs';
import { requireIntegers } from './checks';
import { ganloomError } from './errors';
import { philox4x32 } from './philox';

/** Everything that a stream's next value depends on. */
export interface RandomState {
  readonly key: readonly [number, number];
  /** Blocks of four 32-bit words already used. */
  readonly position: number;
}

const TWO_PI = 2 * Math.PI;
const WORD = 2 ** -32;
/** Above these, one word has too few values to choose evenly: an integer takes two. */
const MOST_OF_A_WORD = 2 ** 16;
const LONGEST_OF_WORDS = 2 ** 20;

/**
 * A seeded stream of random numbers: Philox4x32-10 in counter mode.
 *
 * Words, integers, orders and uniform numbers depend on the seed, the names of the forks and the
 * position alone, on every backend. Normal numbers depend on the backend too: they differ in their last
 * digits, on the wasm backend of ganloom also between relaxed SIMD and none; never with the number of
 * threads. `state` and `RandomStream.restore` make resuming exact.
 */
export class RandomStream {
  readonly #key: readonly [number, number];
  #position: number;

  private constructor(key: readonly [number, number], position: number) {
    this.#key = key;
    this.#position = position;
  }

  /** @throws UsageError if the seed is not an integer in [0, 2⁵³). */
  static fromSeed(seed: number): RandomStream {
    requireIntegers('RandomStream.fromSeed', { seed }, { min: 0, max: Number.MAX_SAFE_INTEGER });
    return new RandomStream([seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0], 0);
  }

  /** @throws GanloomError if the state, which may come from a file, is not one that `state` returned. */
  static restore(state: RandomState): RandomStream {
    const [key0, key1] = state.key ?? [];
    const valid = isUint32(key0) && isUint32(key1) && isCount(state.position);
    if (!valid) {
      const expected = 'the state must be { key: [uint32, uint32], position }';
      throw ganloomError('RandomStream.restore', expected, state);
    }
    return new RandomStream([key0, key1], state.position);
  }

  get state(): RandomState {
    return { key: this.#key, position: this.#position };
  }

  /** An independent stream that depends on this stream's key and the name, not on its position. */
  fork(name: string): RandomStream {
    let hash = 0x811c9dc5;
    let second = 0x9747b28c;
    for (let i = 0; i < name.length; i++) {
      hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
      second = (Math.imul(second, 31) + name.charCodeAt(i)) >>> 0;
    }
    const out = new Uint32Array(4);
    // Counters of values have a zero third word, so forks never collide with them.
    philox4x32(hash, second, 0xf0cced, name.length, this.#key[0], this.#key[1], out);
    return new RandomStream([out[0]!, out[1]!], 0);
  }

  /**
   * `count` uniform 32-bit words.
   *
   * @throws UsageError, as all that draw, if the number of values is no integer from 0.
   */
  words(count: number): Uint32Array {
    requireIntegers('RandomStream', { 'the number of values': count }, { min: 0 });
    const blocks = Math.ceil(count / 4);
    const all = new Uint32Array(blocks * 4);
    for (let b = 0; b < blocks; b++) {
      const at = this.#position + b;
      const out = all.subarray(4 * b, 4 * b + 4);
      philox4x32(at >>> 0, Math.floor(at / 2 ** 32), 0, 0, this.#key[0], this.#key[1], out);
    }
    this.#position += blocks;
    return all.subarray(0, count);
  }

  /** One uniform number in [low, high). */
  uniformNumber(low = 0, high = 1): number {
    return low + (high - low) * this.words(1)[0]! * WORD;
  }

  /** Uniform in [low, high), float32 (so are the bounds). */
  uniform(shape: readonly number[], low = 0, high = 1): tf.Tensor {
    const words = this.words(sizeOf(shape));
    const values = Float32Array.from(words, (w) => {
      const value = Math.fround(low + (high - low) * (w >>> 8) * 2 ** -24);
      // Rounding may reach the upper bound, as in [1, 2).
      return value < high ? value : low;
    });
    return tf.tensor(values, [...shape], 'float32');
  }

  /**
   * Normal with the given mean and standard deviation, by the Box–Muller transform; by the kernel
   * `RandomNormal` where the backend has it.
   */
  normal(shape: readonly number[], mean = 0, stddev = 1): tf.Tensor {
    const size = sizeOf(shape);
    const blocks = Math.ceil(size / 4);
    const [key0, key1] = this.#key;
    if (hasKernel('RandomNormal')) {
      const position = this.#position;
      this.#position += blocks;
      return runKernel('RandomNormal', {}, { key0, key1, position, shape, mean, stddev });
    }
    const words = this.words(blocks * 4);
    const values = new Float32Array(blocks * 4);
    for (let i = 0; i < values.length; i += 2) {
      const radius = Math.sqrt(-2 * Math.log((words[i]! + 0.5) * WORD));
      const angle = TWO_PI * words[i + 1]! * WORD;
      values[i] = mean + stddev * radius * Math.cos(angle);
      values[i + 1] = mean + stddev * radius * Math.sin(angle);
    }
    return tf.tensor(values.subarray(0, size), [...shape], 'float32');
  }

  /**
   * Integers uniform in [0, below), int32. Chances are even to one part in 2³² / below if `below` is
   * at most 2¹⁶, which takes a word for each, else to one in 2⁵² / below.
   *
   * @throws UsageError if `below` is not an integer from 1 to 2³¹.
   */
  integers(count: number, below: number): Int32Array {
    requireIntegers('RandomStream.integers', { below }, { min: 1, max: 2 ** 31 });
    const shares = this.#shares(count, below > MOST_OF_A_WORD);
    return Int32Array.from(shares, (share) => Math.floor(share * below));
  }

  /**
   * A uniformly random order of 0 … n − 1 (Fisher–Yates). Places are drawn evenly to one part in
   * 2³² / n if n is at most 2²⁰, else to one in 2⁵² / n.
   */
  permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    const shares = this.#shares(n, n > LONGEST_OF_WORDS);
    for (let i = n - 1; i > 0; i--) {
      const j = Math.floor(shares[i]! * (i + 1));
      const kept = order[i]!;
      order[i] = order[j]!;
      order[j] = kept;
    }
    return order;
  }

  /** Uniform numbers in [0, 1) of 32 bits, or of 52 from two words each; 53 times n may round to n. */
  #shares(count: number, fine: boolean): Float64Array {
    if (!fine) return Float64Array.from(this.words(count), (w) => w * WORD);
    requireIntegers('RandomStream', { 'the number of values': count }, { min: 0 });
    const words = this.words(2 * count);
    return Float64Array.from({ length: count }, (_, i) => {
      const [high, low] = [words[2 * i]! >>> 6, words[2 * i + 1]! >>> 6];
      return (high * 2 ** 26 + low) * 2 ** -52;
    });
  }
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, d) => product * d, 1);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isUint32(value: unknown): value is number {
  return isCount(value) && value < 2 ** 32;
}
