/** A scalar function applied to each element. */
export const each =
  (f: (value: number) => number) =>
  (x: Float64Array): Float64Array =>
    x.map(f);

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

/** A scalar function applied to each pair of elements, one or both tensors being broadcast. */
export function pairs(
  f: (a: number, b: number) => number,
  shapes: readonly [readonly number[], readonly number[]],
) {
  const rank = Math.max(shapes[0].length, shapes[1].length);
  const [a, b] = shapes.map((shape) => [...Array<number>(rank - shape.length).fill(1), ...shape]);
  const all = indices(a!.map((size, d) => Math.max(size, b![d]!)));
  const places = [a!, b!].map((shape) =>
    all.map((index) =>
      flat(
        index.map((i, d) => (shape[d] === 1 ? 0 : i)),
        shape,
      ),
    ),
  );
  return (x: Float64Array, y: Float64Array): number[] =>
    all.map((_, i) => f(x[places[0]![i]!]!, y[places[1]![i]!]!));
}

/** The places of the elements that differ in the given dimensions only, group by group. */
function groups(shape: readonly number[], axes: readonly number[]): number[][] {
  const some = (kept: boolean) => shape.map((n, d) => (axes.includes(d) === kept ? n : 1));
  return indices(some(false)).map((outer) =>
    indices(some(true)).map((inner) =>
      flat(
        outer.map((i, d) => i + inner[d]!),
        shape,
      ),
    ),
  );
}

/** One number for all elements along some dimensions. */
export function reduced(
  shape: readonly number[],
  axes: readonly number[],
  f: (values: number[]) => number,
) {
  const places = groups(shape, axes);
  return (x: Float64Array): number[] => places.map((group) => f(group.map((place) => x[place]!)));
}

/** As many numbers as there are elements along some dimensions, in their places. */
export function along(
  shape: readonly number[],
  axes: readonly number[],
  f: (values: number[]) => ArrayLike<number>,
) {
  const places = groups(shape, axes);
  return (x: Float64Array): Float64Array => {
    const y = new Float64Array(x.length);
    for (const group of places) {
      const values = f(group.map((place) => x[place]!));
      for (const [i, place] of group.entries()) y[place] = values[i]!;
    }
    return y;
  };
}

/** Each output is one element of the input. */
export const moved =
  (places: readonly number[]) =>
  (x: ArrayLike<number>): Float64Array =>
    Float64Array.from(places, (place) => x[place]!);

/** The places that a transpose takes its elements from. */
export function transposition(shape: readonly number[], order: readonly number[]): number[] {
  return indices(order.map((d) => shape[d]!)).map((index) =>
    flat(
      shape.map((_, d) => index[order.indexOf(d)]!),
      shape,
    ),
  );
}

export interface WindowOptions {
  /** One number for all dimensions, or one for each. */
  readonly stride?: number | readonly number[];
  readonly dilation?: number | readonly number[];
  /** Pixels on each side, or before and after for each dimension. */
  readonly pad?: 'same' | 'valid' | number | readonly (readonly [number, number])[];
}

interface Tap {
  /** Of the pixel among all, in row-major order. */
  readonly place: number;
  /** Its place in the window, in row-major order. */
  readonly tap: number;
}

const of = (setting: number | readonly number[], axis: number) =>
  typeof setting === 'number' ? setting : setting[axis]!;

/** The pixels inside the picture that each window sees, window by window. */
export function windows(
  sizes: readonly number[],
  window: readonly number[],
  { stride = 1, dilation = 1, pad = 'same' }: WindowOptions = {},
): Tap[][] {
  const alongAxis = (axis: number) => {
    const [size, step, apart] = [sizes[axis]!, of(stride, axis), of(dilation, axis)];
    const reach = (window[axis]! - 1) * apart + 1;
    const missing = Math.max(0, (Math.ceil(size / step) - 1) * step + reach - size);
    const [before, after] =
      pad === 'same'
        ? [Math.floor(missing / 2), Math.ceil(missing / 2)]
        : pad === 'valid'
          ? [0, 0]
          : typeof pad === 'number'
            ? [pad, pad]
            : pad[axis]!;
    const count = Math.floor((size + before + after - reach) / step) + 1;
    return Array.from({ length: count }, (_, i) =>
      Array.from({ length: window[axis]! }, (__, k) => ({
        at: i * step + k * apart - before,
        k,
      })).filter(({ at }) => at >= 0 && at < size),
    );
  };
  return sizes.reduce<Tap[][]>(
    (all, size, axis) =>
      all.flatMap((outer) =>
        alongAxis(axis).map((inner) =>
          outer.flatMap(({ place, tap }) =>
            inner.map(({ at, k }) => ({ place: place * size + at, tap: tap * window[axis]! + k })),
          ),
        ),
      ),
    [[{ place: 0, tap: 0 }]],
  );
}

const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** Convolution of `[batch, …, inChannels]` by `[…, inChannels, outChannels]`. */
export function convolve(
  shape: readonly number[],
  filterShape: readonly number[],
  options: WindowOptions = {},
) {
  const [sizes, window] = [shape.slice(1, -1), filterShape.slice(0, -2)];
  const [batch, pixels, channels] = [shape[0]!, size(sizes), shape.at(-1)!];
  const outputs = filterShape.at(-1)!;
  const seen = windows(sizes, window, options);
  return (x: ArrayLike<number>, filter: ArrayLike<number>): number[] => {
    const y = new Array<number>(batch * seen.length * outputs).fill(0);
    for (let b = 0; b < batch; b++) {
      for (const [w, taps] of seen.entries()) {
        for (const { place, tap } of taps) {
          for (let c = 0; c < channels; c++) {
            const value = x[(b * pixels + place) * channels + c]!;
            for (let o = 0; o < outputs; o++) {
              y[(b * seen.length + w) * outputs + o]! +=
                value * filter[(tap * channels + c) * outputs + o]!;
            }
          }
        }
      }
    }
    return y;
  };
}

/** Scatters what convolution gathers: to `shape`, by filters `[…, outChannels, inChannels]`. */
export function convolveTransposed(
  shape: readonly number[],
  filterShape: readonly number[],
  options: WindowOptions = {},
) {
  const [sizes, window] = [shape.slice(1, -1), filterShape.slice(0, -2)];
  const [batch, pixels, outputs] = [shape[0]!, size(sizes), shape.at(-1)!];
  const channels = filterShape.at(-1)!;
  const seen = windows(sizes, window, options);
  return (x: ArrayLike<number>, filter: ArrayLike<number>): number[] => {
    const y = new Array<number>(batch * pixels * outputs).fill(0);
    for (let b = 0; b < batch; b++) {
      for (const [w, taps] of seen.entries()) {
        for (const { place, tap } of taps) {
          for (let c = 0; c < channels; c++) {
            const value = x[(b * seen.length + w) * channels + c]!;
            for (let o = 0; o < outputs; o++) {
              y[(b * pixels + place) * outputs + o]! +=
                value * filter[(tap * outputs + o) * channels + c]!;
            }
          }
        }
      }
    }
    return y;
  };
}

/** Convolution of each channel by its own filters, `[…, channels, multiplier]`. */
export function convolveDepthwise(
  shape: readonly number[],
  filterShape: readonly number[],
  options: WindowOptions = {},
) {
  const [sizes, window] = [shape.slice(1, -1), filterShape.slice(0, -2)];
  const [batch, pixels, channels] = [shape[0]!, size(sizes), shape.at(-1)!];
  const multiplier = filterShape.at(-1)!;
  const seen = windows(sizes, window, options);
  const outputs = indices([batch, seen.length, channels, multiplier]) as [
    number,
    number,
    number,
    number,
  ][];
  return (x: ArrayLike<number>, filter: ArrayLike<number>): number[] =>
    outputs.map(([b, w, c, m]) => {
      let sum = 0;
      for (const { place, tap } of seen[w]!) {
        sum +=
          x[(b * pixels + place) * channels + c]! * filter[(tap * channels + c) * multiplier + m]!;
      }
      return sum;
    });
}

/** A function of the pixels in each window of each channel of `[batch, …, channels]`. */
export function pooled(
  shape: readonly number[],
  window: readonly number[],
  options: WindowOptions,
  f: (values: number[]) => number,
) {
  const [sizes, channels] = [shape.slice(1, -1), shape.at(-1)!];
  const pixels = size(sizes);
  const seen = windows(sizes, window, options);
  const outputs = indices([shape[0]!, seen.length, channels]) as [number, number, number][];
  return (x: ArrayLike<number>): number[] =>
    outputs.map(([b, w, c]) =>
      f(seen[w]!.map(({ place }) => x[(b * pixels + place) * channels + c]!)),
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

/** With a bias for each channel, the last dimension, if there is one. */
export const biased = (y: ArrayLike<number>, bias: ArrayLike<number> = [0]): number[] =>
  Array.from(y, (v, i) => v + bias[i % bias.length]!);

/** γ·x + β for each channel, the last dimension, as far as they are there. */
export const scaled = (
  x: ArrayLike<number>,
  gamma: ArrayLike<number> = [1],
  beta?: ArrayLike<number>,
): number[] =>
  biased(
    Array.from(x, (v, i) => v * gamma[i % gamma.length]!),
    beta,
  );

export const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

export const mean = (values: readonly number[]): number => total(values) / values.length;

export const variance = (values: readonly number[]): number => {
  const center = mean(values);
  return mean(values.map((v) => (v - center) ** 2));
};

/** (x − mean)/√(variance + ε). */
export function normalize(values: readonly number[], epsilon: number): number[] {
  const center = mean(values);
  const deviation = Math.sqrt(variance(values) + epsilon);
  return values.map((v) => (v - center) / deviation);
}

export function softmax(row: readonly number[]): number[] {
  const powers = row.map(Math.exp);
  return powers.map((p) => p / total(powers));
}

export const relu = (v: number): number => Math.max(v, 0);

export const elu = (v: number): number => (v > 0 ? v : Math.expm1(v));

// λ and λα of Klambauer et al. 2017, arXiv 1706.02515.
export const selu = (v: number): number =>
  v > 0 ? 1.0507009873554805 * v : 1.7580993408473768 * Math.expm1(v);

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
