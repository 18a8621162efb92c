/** A scalar function applied to each element. */
export const each =
  (f: (value: number) => number) =>
  (x: Float64Array): Float64Array =>
    x.map(f);

/** A scalar function applied to each pair of elements. */
export const pairs =
  (f: (a: number, b: number) => number) =>
  (a: Float64Array, b: Float64Array): Float64Array =>
    a.map((value, i) => f(value, b[i % b.length]!));

/** A function of rows of equal length. */
export const rows =
  (length: number, f: (row: number[]) => ArrayLike<number>) =>
  (x: Float64Array): number[] =>
    Array.from({ length: x.length / length }, (_, r) =>
      Array.from(f(Array.from(x.subarray(r * length, (r + 1) * length)))),
    ).flat();

/** Each output is one element of the input. */
export const moved =
  (places: readonly number[]) =>
  (x: Float64Array): number[] =>
    places.map((place) => x[place]!);

/** All indices below the sizes, the last one fastest. */
export function indices(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (all, size) => all.flatMap((head) => Array.from({ length: size }, (_, i) => [...head, i])),
    [[]],
  );
}

/** The place of an index in row-major order. */
export function flat(index: readonly number[], sizes: readonly number[]): number {
  return index.reduce((sum, i, d) => sum * sizes[d]! + i, 0);
}

export interface WindowOptions {
  readonly stride?: number;
  readonly dilation?: number;
  readonly pad?: 'same' | 'valid';
}

interface Tap {
  readonly y: number;
  readonly x: number;
  /** Its place in the window, in row-major order. */
  readonly tap: number;
}

/** The pixels inside the picture that each window sees, window by window. */
export function windows(
  [height, width]: readonly [number, number],
  [down, across]: readonly [number, number],
  { stride = 1, dilation = 1, pad = 'same' }: WindowOptions = {},
): Tap[][] {
  const along = (size: number, window: number) => {
    const reach = (window - 1) * dilation + 1;
    const count =
      pad === 'same' ? Math.ceil(size / stride) : Math.ceil((size - reach + 1) / stride);
    const missing = pad === 'same' ? Math.max(0, (count - 1) * stride + reach - size) : 0;
    return Array.from({ length: count }, (_, i) =>
      Array.from({ length: window }, (__, k) => ({
        at: i * stride + k * dilation - Math.floor(missing / 2),
        k,
      })).filter(({ at }) => at >= 0 && at < size),
    );
  };
  const columns = along(width, across);
  return along(height, down).flatMap((rowTaps) =>
    columns.map((columnTaps) =>
      rowTaps.flatMap((row) =>
        columnTaps.map((column) => ({ y: row.at, x: column.at, tap: row.k * across + column.k })),
      ),
    ),
  );
}

type Shape4 = readonly [number, number, number, number];

/** Convolution of `[batch, height, width, inChannels]` by `[h, w, inChannels, outChannels]`. */
export function convolve(shape: Shape4, filterShape: Shape4, options: WindowOptions = {}) {
  const [batch, height, width, channels] = shape;
  const [down, across, , outputs] = filterShape;
  const seen = windows([height, width], [down, across], options);
  return (x: Float64Array, filter: Float64Array): number[] =>
    indices([batch, seen.length, outputs]).map(([b, w, o]) => {
      let sum = 0;
      for (const { y, x: column, tap } of seen[w!]!) {
        for (let c = 0; c < channels; c++) {
          const value = x[flat([b!, y, column, c], shape)]!;
          sum += value * filter[(tap * channels + c) * outputs + o!]!;
        }
      }
      return sum;
    });
}

/** Convolution of each channel by its own filters, `[h, w, channels, multiplier]`. */
export function convolveDepthwise(shape: Shape4, filterShape: Shape4, options: WindowOptions = {}) {
  const [batch, height, width, channels] = shape;
  const [down, across, , multiplier] = filterShape;
  const seen = windows([height, width], [down, across], options);
  return (x: Float64Array, filter: Float64Array): number[] =>
    indices([batch, seen.length, channels, multiplier]).map(([b, w, c, m]) =>
      seen[w!]!.reduce(
        (sum, { y, x: column, tap }) =>
          sum +
          x[flat([b!, y, column, c!], shape)]! * filter[(tap * channels + c!) * multiplier + m!]!,
        0,
      ),
    );
}

/** A function of the pixels in each window of each channel. */
export function pooled(
  shape: Shape4,
  window: readonly [number, number],
  options: WindowOptions,
  f: (values: number[]) => number,
) {
  const [batch, height, width, channels] = shape;
  const seen = windows([height, width], window, options);
  return (x: Float64Array): number[] =>
    indices([batch, seen.length, channels]).map(([b, w, c]) =>
      f(seen[w!]!.map(({ y, x: column }) => x[flat([b!, y, column, c!], shape)]!)),
    );
}

/** Matrix product of `[rows, inner]` and `[inner, columns]`. */
export function product(a: ArrayLike<number>, b: ArrayLike<number>, inner: number): number[] {
  const columns = b.length / inner;
  return indices([a.length / inner, columns]).map(([r, c]) => {
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += a[r! * inner + k]! * b[k * columns + c!]!;
    return sum;
  });
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, v) => sum + v, 0) / values.length;

/** (x − mean)/√(variance + ε). */
export function normalise(values: readonly number[], epsilon: number): number[] {
  const centre = mean(values);
  const variance = mean(values.map((v) => (v - centre) ** 2));
  return values.map((v) => (v - centre) / Math.sqrt(variance + epsilon));
}

export function softmax(row: readonly number[]): number[] {
  const powers = row.map(Math.exp);
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / sum);
}

export const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v));

export const softplus = (v: number): number => Math.log1p(Math.exp(v));

/** By its Taylor series, which converges fast for |v| ≤ 2. */
export function erf(v: number): number {
  let term = v;
  let sum = v;
  for (let n = 1; n < 40; n++) {
    term *= -(v * v) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
