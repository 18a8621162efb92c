/** How values are distributed, as TensorFlow's `HistogramProto` says it. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly num: number;
  readonly sum: number;
  readonly sumSquares: number;
  /** Upper ends of the buckets, rising. */
  readonly limits: readonly number[];
  readonly counts: readonly number[];
}

const BUCKETS = 30;
// Enough to see a distribution; a network of millions of weights would take a noticeable while.
const MOST_VALUES = 2 ** 16;

/**
 * The histogram of values in 30 buckets of equal width. Of more than 65,536 values, evenly spaced
 * ones are looked at; values that are not finite are left out. Undefined if there are none.
 */
export function histogram(values: ArrayLike<number>): Histogram | undefined {
  const stride = Math.ceil(values.length / MOST_VALUES);
  let [min, max, num, sum, sumSquares] = [Infinity, -Infinity, 0, 0, 0];
  for (let i = 0; i < values.length; i += stride) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    num++;
    sum += value;
    sumSquares += value * value;
  }
  if (num === 0) return undefined;
  const width = (max - min) / BUCKETS;
  if (width === 0) return { min, max, num, sum, sumSquares, limits: [max], counts: [num] };
  const counts = new Array<number>(BUCKETS).fill(0);
  for (let i = 0; i < values.length; i += stride) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    counts[Math.min(BUCKETS - 1, Math.floor((value - min) / width))]!++;
  }
  const limits = counts.map((_, i) => (i === BUCKETS - 1 ? max : min + (i + 1) * width));
  return { min, max, num, sum, sumSquares, limits, counts };
}
