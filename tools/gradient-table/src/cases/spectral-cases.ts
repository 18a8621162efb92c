import * as tf from '@tensorflow/tfjs';
import { type GradientCase, inaccurateWaves } from '../gradient-case';
import { indices } from '../references';

interface Complex {
  readonly real: Float64Array;
  readonly imag: Float64Array;
}

/** Of each row of n, by the definition. */
function dft({ real, imag }: Complex, n: number, inverse = false): Complex {
  const y = { real: new Float64Array(real.length), imag: new Float64Array(real.length) };
  const [turn, share] = inverse ? [2 * Math.PI, 1 / n] : [-2 * Math.PI, 1];
  for (const [row, k, j] of indices([real.length / n, n, n]) as [number, number, number][]) {
    const [cosine, sine] = [Math.cos((turn * k * j) / n), Math.sin((turn * k * j) / n)];
    const [re, im] = [real[row * n + j]!, imag[row * n + j]!];
    y.real[row * n + k]! += share * (re * cosine - im * sine);
    y.imag[row * n + k]! += share * (re * sine + im * cosine);
  }
  return y;
}

const zeros = (x: Float64Array) => new Float64Array(x.length);

/** The first `to` of each row of n. */
const firsts = (x: Float64Array, n: number, to: number) => x.filter((_, i) => i % n < to);

/** Each row of n cut or filled up with zeros. */
const resized = (x: Float64Array, n: number, to: number) =>
  Float64Array.from({ length: (x.length / n) * to }, (_, i) =>
    i % to < n ? x[Math.floor(i / to) * n + (i % to)]! : 0,
  );

/** Real parts, then imaginary ones. */
const parts = (y: tf.Tensor) =>
  tf.concat([tf.reshape(tf.real(y), [-1]), tf.reshape(tf.imag(y), [-1])]);

/** Half a row and its mirror image, as that of a real one. */
function whole(x: Float64Array, half: number, sign: 1 | -1): Float64Array {
  const n = 2 * (half - 1);
  return Float64Array.from({ length: (x.length / half) * n }, (_, i) => {
    const [row, k] = [Math.floor(i / n), i % n];
    return k < half ? x[row * half + k]! : sign * x[row * half + n - k]!;
  });
}

const cases: readonly GradientCase[] = [
  {
    name: 'spectral.rfft, its real and imaginary parts',
    trials: (
      [
        [[2, 4], 4],
        [[1, 5], 5],
        [[2, 2, 6], 6],
        [[2, 6], 4],
        [[1, 3], 8],
      ] as [number[], number][]
    ).map(([shape, length]) => ({
      shapes: [shape],
      op: (x) => parts(tf.spectral.rfft(x!, length)),
      reference: (x) => {
        const row = resized(x!, shape.at(-1)!, length);
        const { real, imag } = dft({ real: row, imag: zeros(row) }, length);
        const half = Math.floor(length / 2) + 1;
        return [...firsts(real, length, half), ...firsts(imag, length, half)];
      },
    })),
  },
  {
    name: 'abs(spectral.rfft)',
    trials: [
      [2, 4],
      [1, 5],
    ].map((shape) => ({
      shapes: [shape],
      op: (x) => tf.abs(tf.spectral.rfft(x!)),
      reference: (x) => {
        const n = shape.at(-1)!;
        const { real, imag } = dft({ real: x!, imag: zeros(x!) }, n);
        const half = Math.floor(n / 2) + 1;
        return firsts(
          real.map((re, i) => Math.hypot(re, imag[i]!)),
          n,
          half,
        );
      },
    })),
  },
  {
    name: 'spectral.irfft of complex(x, y)',
    trials: [
      [2, 3],
      [1, 5],
    ].map((shape) => ({
      shapes: [shape, shape],
      op: (re, im) => tf.spectral.irfft(tf.complex(re!, im!)),
      reference: (re, im) => {
        const half = shape.at(-1)!;
        const [real, imag] = [whole(re!, half, 1), whole(im!, half, -1)];
        return dft({ real, imag }, 2 * (half - 1), true).real;
      },
    })),
  },
  ...[false, true].map((inverse): GradientCase => ({
    name: `spectral.${inverse ? 'ifft' : 'fft'} of complex(x, y)`,
    trials: [
      [1, 4],
      [3, 5],
    ].map((shape) => ({
      shapes: [shape, shape],
      op: (re, im) => {
        const x = tf.complex(re!, im!);
        return parts((inverse ? tf.spectral.ifft : tf.spectral.fft)(x));
      },
      reference: (real, imag) => {
        const y = dft({ real: real!, imag: imag! }, shape.at(-1)!, inverse);
        return [...y.real, ...y.imag];
      },
    })),
  })),
  {
    name: 'abs(signal.stft)',
    trials: [[[10], 4, 3] as const, [[9], 5, 2] as const].map(([shape, length, step]) => ({
      shapes: [[...shape]],
      op: (x) =>
        tf.abs(tf.signal.stft(x as tf.Tensor1D, length, step, length, (size) => tf.ones([size]))),
      reference: (x) => {
        const frames = Math.floor((shape[0] - length) / step) + 1;
        const rows = indices([frames, length]).map(([f, i]) => x![f! * step + i!]!);
        const { real, imag } = dft(
          { real: Float64Array.from(rows), imag: new Float64Array(rows.length) },
          length,
        );
        return firsts(
          real.map((re, i) => Math.hypot(re, imag[i]!)),
          length,
          Math.floor(length / 2) + 1,
        );
      },
    })),
  },
];

/** The stock kernels take the sines in their shaders. */
export const spectralCases: readonly GradientCase[] = cases.map((one) => ({
  ...one,
  unreliable: inaccurateWaves,
}));
